-- Indexes that only readers need. A fresh store is filled without them, since building each at once
-- is several times faster than keeping it up row by row, and gives a smaller file.

CREATE INDEX IF NOT EXISTS symbol_by_name ON symbol(qualified_name);
CREATE INDEX IF NOT EXISTS symbol_by_type ON symbol(type_id);
CREATE INDEX IF NOT EXISTS value_slot_by_name ON value_slot(name);
CREATE INDEX IF NOT EXISTS declaration_by_function ON declaration(function_id, standing);
CREATE INDEX IF NOT EXISTS marker_by_function ON marker(function_id);
CREATE INDEX IF NOT EXISTS marker_by_slot ON marker(slot_id) WHERE slot_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS macro_site_by_macro ON macro_site(macro_id);
CREATE INDEX IF NOT EXISTS call_site_by_caller ON call_site(caller_id);
CREATE INDEX IF NOT EXISTS call_site_by_callee ON call_site(callee_id) WHERE callee_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS call_site_virtual ON call_site(callee_id) WHERE kind = 2;
CREATE INDEX IF NOT EXISTS call_site_indirect ON call_site(slot_id) WHERE kind = 3;
CREATE INDEX IF NOT EXISTS flow_by_function ON flow(from_function_id, to_slot_id)
  WHERE from_function_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS slot_target_by_function ON slot_target(function_id);
CREATE INDEX IF NOT EXISTS virtual_target_by_target ON virtual_target(target_id);
