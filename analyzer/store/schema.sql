-- The schema of a Lockvet store. Tables are private to one schema version; the views at the end are
-- the public interface, and docs/schema.md documents them with example queries.
--
-- A fragment is what one top-level declaration says. Every fact belongs to one fragment, and a
-- fragment to all units that list it, so what a header says is here once. In fact tables `seq` is
-- the index in the fragment. Identities are found by a 64-bit hash of their text and then compared:
-- an index over the text itself would double the largest columns.

CREATE TABLE store_state(
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- Interned texts: types, labels, directories, groups of diagnostics, names of macros.
CREATE TABLE text(
  id    INTEGER PRIMARY KEY,
  hash  INTEGER NOT NULL,
  value TEXT NOT NULL
);
CREATE INDEX text_by_hash ON text(hash);

CREATE TABLE file(
  id       INTEGER PRIMARY KEY,
  path     TEXT NOT NULL UNIQUE,
  content  BLOB,             -- 16 bytes of XXH3; NULL: never read, or not since it changed
  size     INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL,
  inode    INTEGER NOT NULL  -- 0: compare the content, not the stamp
);

CREATE TABLE translation_unit(
  id           INTEGER PRIMARY KEY,
  command      BLOB NOT NULL UNIQUE, -- 16 bytes: hash of directory, file and command line
  file_id      INTEGER NOT NULL,
  directory_id INTEGER NOT NULL,     -- text
  limits       INTEGER NOT NULL,     -- what the attempt was limited to
  status       INTEGER NOT NULL,     -- facts::UnitStatus
  reason       TEXT,
  seconds      REAL NOT NULL,
  digest       BLOB NOT NULL,        -- 16 bytes over its inputs and their contents
  inputs       BLOB NOT NULL,        -- file ids, see id_set.h
  fragments    BLOB NOT NULL         -- fragment ids, the same
);

-- `mentions` lists the ids of symbols, slots and files that the fragment's facts use, so that the
-- ones nobody mentions any more are found without an index over every column.
CREATE TABLE fragment(
  id        INTEGER PRIMARY KEY,
  hash_low  INTEGER NOT NULL,
  hash_high INTEGER NOT NULL,
  mentions  BLOB NOT NULL
);
CREATE INDEX fragment_by_hash ON fragment(hash_low);

-- Functions. `name` and `mangled` are NULL where they equal the column before them.
CREATE TABLE symbol(
  id             INTEGER PRIMARY KEY,
  usr_hash       INTEGER NOT NULL,
  usr            TEXT NOT NULL,
  qualified_name TEXT NOT NULL,
  name           TEXT,
  mangled        TEXT,
  type_id        INTEGER,          -- text
  linkage        INTEGER NOT NULL, -- facts::Linkage
  -- 1 noreturn, 2 compiler built-in, 4 pure virtual, 8 written by the compiler
  flags          INTEGER NOT NULL
);
CREATE INDEX symbol_by_usr ON symbol(usr_hash);

-- Whatever can hold a function value.
CREATE TABLE value_slot(
  id          INTEGER PRIMARY KEY,
  key_hash    INTEGER NOT NULL,
  key         TEXT NOT NULL,
  name        TEXT NOT NULL,
  kind        INTEGER NOT NULL, -- facts::SlotKind
  type_id     INTEGER,          -- text
  file_id     INTEGER,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  function_id INTEGER,          -- whose parameter, return value or local
  slot_id     INTEGER,          -- parameter or return value of what that slot holds
  position    INTEGER NOT NULL
);
CREATE INDEX value_slot_by_key ON value_slot(key_hash);

-- Facts -------------------------------------------------------------------------------------------

-- standing: 0 definition, 1 definition in a system header, 2 declaration, 3 declaration in one.
CREATE TABLE declaration(
  fragment_id INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  function_id INTEGER NOT NULL,
  standing    INTEGER NOT NULL,
  file_id     INTEGER,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  end_line    INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq)
) WITHOUT ROWID;

-- Of one function or of one slot.
CREATE TABLE marker(
  fragment_id INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  function_id INTEGER,
  slot_id     INTEGER,
  label_id    INTEGER NOT NULL, -- text
  origin      INTEGER NOT NULL, -- facts::MarkerOrigin
  file_id     INTEGER,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq)
) WITHOUT ROWID;

-- Macros in declarations and bodies: a label only where a configuration says so.
CREATE TABLE macro_site(
  fragment_id INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  function_id INTEGER,
  slot_id     INTEGER,
  macro_id    INTEGER NOT NULL, -- text
  file_id     INTEGER,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq)
) WITHOUT ROWID;

CREATE TABLE method_override(
  fragment_id INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  method_id   INTEGER NOT NULL,
  base_id     INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq)
) WITHOUT ROWID;

-- kind: 0 direct, 1 implicit, 2 virtual, 3 indirect. type_id is NULL where the slot has that type.
CREATE TABLE call_site(
  fragment_id INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  caller_id   INTEGER, -- NULL in an initializer at file scope
  callee_id   INTEGER,
  slot_id     INTEGER,
  type_id     INTEGER, -- text
  file_id     INTEGER,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq)
) WITHOUT ROWID;

CREATE TABLE flow(
  fragment_id      INTEGER NOT NULL,
  seq              INTEGER NOT NULL,
  form             INTEGER NOT NULL, -- facts::FlowForm
  holder_id        INTEGER,          -- the function whose body says it; NULL at file scope
  from_function_id INTEGER,
  from_slot_id     INTEGER,
  to_slot_id       INTEGER,
  file_id          INTEGER,
  line             INTEGER NOT NULL,
  "column"         INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq)
) WITHOUT ROWID;

CREATE TABLE diagnostic(
  fragment_id INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  group_id    INTEGER NOT NULL, -- text
  message     TEXT NOT NULL,
  function_id INTEGER,
  file_id     INTEGER,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq)
) WITHOUT ROWID;

CREATE TABLE diagnostic_note(
  fragment_id INTEGER NOT NULL,
  seq         INTEGER NOT NULL, -- of the diagnostic
  note        INTEGER NOT NULL,
  message     TEXT NOT NULL,
  file_id     INTEGER,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  PRIMARY KEY(fragment_id, seq, note)
) WITHOUT ROWID;

-- A body's control flow (facts/skeleton.h), in a format private to one version of Lockvet.
CREATE TABLE skeleton(
  fragment_id INTEGER PRIMARY KEY,
  function_id INTEGER NOT NULL,
  bytes       BLOB NOT NULL
);

-- Derived by the linker ---------------------------------------------------------------------------

CREATE TABLE slot_target(
  slot_id     INTEGER NOT NULL,
  function_id INTEGER NOT NULL,
  PRIMARY KEY(slot_id, function_id)
) WITHOUT ROWID;

-- A virtual method without a row here is its own only target.
CREATE TABLE virtual_target(
  method_id INTEGER NOT NULL,
  target_id INTEGER NOT NULL,
  PRIMARY KEY(method_id, target_id)
) WITHOUT ROWID;

-- Written by `lockvet check`, and public as it is -------------------------------------------------

CREATE TABLE finding(
  id          INTEGER PRIMARY KEY,
  rule        TEXT NOT NULL,
  severity    TEXT NOT NULL,
  message     TEXT NOT NULL,
  function    TEXT NOT NULL,
  file        TEXT NOT NULL,
  line        INTEGER NOT NULL,
  "column"    INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  confidence  TEXT NOT NULL,
  witness     TEXT NOT NULL -- JSON: [{function, file, line, column, reason}]
);

-- Public views ------------------------------------------------------------------------------------

CREATE VIEW function(id, usr, name, qualified_name, mangled, file, line, defined, linkage) AS
SELECT s.id, s.usr, coalesce(s.name, s.qualified_name), s.qualified_name,
       coalesce(s.mangled, s.name, s.qualified_name), f.path, d.line,
       coalesce(d.standing < 2, 0),
       CASE s.linkage WHEN 0 THEN 'external' WHEN 1 THEN 'internal' ELSE 'none' END
FROM symbol s
LEFT JOIN declaration d ON (d.fragment_id, d.seq) =
  (SELECT b.fragment_id, b.seq FROM declaration b LEFT JOIN file p ON p.id = b.file_id
   WHERE b.function_id = s.id ORDER BY b.standing, p.path, b.line LIMIT 1)
LEFT JOIN file f ON f.id = d.file_id;

-- Functions whose address is taken somewhere, by type: the last resort for a call through a pointer.
CREATE VIEW type_target(type_id, function_id) AS
SELECT s.type_id, s.id
FROM symbol s
WHERE s.type_id IS NOT NULL AND EXISTS (SELECT 1 FROM flow w WHERE w.from_function_id = s.id);

-- Call sites without those that another fragment (the same inline body, compiled under other macros)
-- says as well.
CREATE VIEW distinct_call AS
SELECT c.* FROM call_site c
WHERE NOT EXISTS (
  SELECT 1 FROM call_site o
  WHERE o.caller_id = c.caller_id AND o.fragment_id < c.fragment_id AND o.kind = c.kind
    AND o.line = c.line AND o."column" = c."column" AND o.file_id IS c.file_id
    AND o.callee_id IS c.callee_id AND o.slot_id IS c.slot_id AND o.type_id IS c.type_id);

CREATE VIEW call_edge(caller_id, caller, callee_id, callee, kind, via, file, line, "column") AS
SELECT c.caller_id, r.qualified_name, e.id, e.qualified_name,
       CASE c.kind WHEN 0 THEN 'direct' ELSE 'implicit' END, NULL, f.path, c.line, c."column"
FROM distinct_call c
JOIN symbol e ON e.id = c.callee_id
LEFT JOIN symbol r ON r.id = c.caller_id
LEFT JOIN file f ON f.id = c.file_id
WHERE c.kind < 2
UNION ALL
SELECT c.caller_id, r.qualified_name, e.id, e.qualified_name, 'virtual', m.qualified_name,
       f.path, c.line, c."column"
FROM distinct_call c
JOIN virtual_target v ON v.method_id = c.callee_id
JOIN symbol e ON e.id = v.target_id
JOIN symbol m ON m.id = c.callee_id
LEFT JOIN symbol r ON r.id = c.caller_id
LEFT JOIN file f ON f.id = c.file_id
WHERE c.kind = 2
UNION ALL
SELECT c.caller_id, r.qualified_name, e.id, e.qualified_name, 'virtual', e.qualified_name,
       f.path, c.line, c."column"
FROM distinct_call c
JOIN symbol e ON e.id = c.callee_id
LEFT JOIN symbol r ON r.id = c.caller_id
LEFT JOIN file f ON f.id = c.file_id
WHERE c.kind = 2 AND NOT EXISTS (SELECT 1 FROM virtual_target v WHERE v.method_id = c.callee_id)
UNION ALL
SELECT c.caller_id, r.qualified_name, e.id, e.qualified_name, 'flow', l.name,
       f.path, c.line, c."column"
FROM distinct_call c
JOIN slot_target t ON t.slot_id = c.slot_id
JOIN symbol e ON e.id = t.function_id
JOIN value_slot l ON l.id = c.slot_id
LEFT JOIN symbol r ON r.id = c.caller_id
LEFT JOIN file f ON f.id = c.file_id
WHERE c.kind = 3
UNION ALL
SELECT c.caller_id, r.qualified_name, e.id, e.qualified_name, 'type', coalesce(l.name, x.value),
       f.path, c.line, c."column"
FROM distinct_call c
LEFT JOIN value_slot l ON l.id = c.slot_id
JOIN type_target t ON t.type_id = coalesce(c.type_id, l.type_id)
JOIN symbol e ON e.id = t.function_id
LEFT JOIN text x ON x.id = c.type_id
LEFT JOIN symbol r ON r.id = c.caller_id
LEFT JOIN file f ON f.id = c.file_id
WHERE c.kind = 3 AND NOT EXISTS (SELECT 1 FROM slot_target t WHERE t.slot_id = c.slot_id);

CREATE VIEW slot(id, name, kind, file, line) AS
SELECT l.id, l.name,
       CASE l.kind WHEN 0 THEN 'field' WHEN 1 THEN 'global' WHEN 2 THEN 'local'
                   WHEN 3 THEN 'parameter' WHEN 4 THEN 'return' WHEN 5 THEN 'slot_parameter'
                   ELSE 'slot_return' END,
       f.path, l.line
FROM value_slot l LEFT JOIN file f ON f.id = l.file_id;

-- file and line are NULL where the function comes by way of other slots.
CREATE VIEW slot_value(slot_id, slot, function_id, function, file, line) AS
SELECT DISTINCT t.slot_id, l.name, t.function_id, s.qualified_name, f.path, w.line
FROM slot_target t
JOIN value_slot l ON l.id = t.slot_id
JOIN symbol s ON s.id = t.function_id
LEFT JOIN flow w ON w.from_function_id = t.function_id AND w.to_slot_id = t.slot_id
LEFT JOIN file f ON f.id = w.file_id;

CREATE VIEW indirect_call(caller_id, caller, slot_id, slot, file, line, "column") AS
SELECT c.caller_id, r.qualified_name, c.slot_id, l.name, f.path, c.line, c."column"
FROM distinct_call c
LEFT JOIN value_slot l ON l.id = c.slot_id
LEFT JOIN symbol r ON r.id = c.caller_id
LEFT JOIN file f ON f.id = c.file_id
WHERE c.kind = 3;

CREATE VIEW slot_label(slot_id, slot, label) AS
SELECT DISTINCT m.slot_id, l.name, x.value
FROM marker m
JOIN value_slot l ON l.id = m.slot_id
JOIN text x ON x.id = m.label_id;

CREATE VIEW address_taken(function_id, function, holder_id, holder, file, line) AS
SELECT DISTINCT w.from_function_id, s.qualified_name, w.holder_id, h.qualified_name,
                f.path, w.line
FROM flow w
JOIN symbol s ON s.id = w.from_function_id
JOIN symbol h ON h.id = w.holder_id
LEFT JOIN file f ON f.id = w.file_id;

CREATE VIEW label(function_id, function, label, origin, file, line) AS
SELECT DISTINCT m.function_id, s.qualified_name, x.value,
       CASE m.origin WHEN 0 THEN 'annotate' WHEN 1 THEN 'typedef' ELSE 'capability' END,
       f.path, m.line
FROM marker m
JOIN symbol s ON s.id = m.function_id
JOIN text x ON x.id = m.label_id
LEFT JOIN file f ON f.id = m.file_id
WHERE substr(x.value, 1, 10) <> 'lock_type:'; -- says more of another marker only

CREATE VIEW macro_use(function_id, function, macro, file, line) AS
SELECT DISTINCT m.function_id, s.qualified_name, x.value, f.path, m.line
FROM macro_site m
JOIN symbol s ON s.id = m.function_id
JOIN text x ON x.id = m.macro_id
LEFT JOIN file f ON f.id = m.file_id;

CREATE VIEW unresolved_call(caller_id, caller, file, line, reason) AS
SELECT c.caller_id, r.qualified_name, f.path, c.line,
       CASE WHEN l.id IS NULL THEN 'called through an expression'
            ELSE 'nothing flows into ' || l.name END || '; ' ||
       CASE (SELECT count(*) FROM type_target t WHERE t.type_id = coalesce(c.type_id, l.type_id))
         WHEN 0 THEN 'no function whose address is taken has its type'
         WHEN 1 THEN '1 function has its type'
         ELSE (SELECT count(*) FROM type_target t WHERE t.type_id = coalesce(c.type_id, l.type_id))
              || ' functions have its type' END
FROM distinct_call c
LEFT JOIN value_slot l ON l.id = c.slot_id
LEFT JOIN symbol r ON r.id = c.caller_id
LEFT JOIN file f ON f.id = c.file_id
WHERE c.kind = 3 AND NOT EXISTS (SELECT 1 FROM slot_target t WHERE t.slot_id = c.slot_id);

CREATE VIEW unit(file, status, reason, seconds) AS
SELECT f.path,
       CASE u.status WHEN 0 THEN 'parsed' WHEN 1 THEN 'parse_errors' WHEN 2 THEN 'crashed'
                     WHEN 3 THEN 'timed_out' WHEN 4 THEN 'out_of_memory' ELSE 'bad_command' END,
       u.reason, u.seconds
FROM translation_unit u LEFT JOIN file f ON f.id = u.file_id;
