// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A prepared statement as a handle: bound, stepped and finalized without a leak. Made by
// Connection::prepare, which must outlive it; for one thread at a time.

#pragma once

#include "analyzer/facts/fragment.h"
#include "analyzer/store/rows.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>

struct sqlite3_stmt;

namespace lockvet::store {

class Connection;

/// A foreign key: kNoId is NULL.
struct Key {
  Id id = kNoId;
};

/// Bytes, where a StringRef would be text.
struct Blob {
  llvm::StringRef bytes;
};

/// The 16 bytes that a hash is in the store.
std::string toBytes(const facts::Hash& hash);
facts::Hash toHash(llvm::StringRef bytes); ///< zeros if they are not 16

class Statement {
public:
  Statement() = default;
  Statement(sqlite3_stmt* handle, Connection& connection);

  /// Binds all parameters, in order. Texts and blobs must live until the next reset.
  template <class... Values> Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bindOne(++index, values), ...);
    return *this;
  }

  /// The next row: true if there is one.
  llvm::Expected<bool> step();

  /// Binds and runs a statement that gives no rows.
  template <class... Values> llvm::Error run(const Values&... values) {
    bind(values...);
    return finish();
  }

  /// Calls for each row that is left.
  llvm::Error forEach(llvm::function_ref<void(Statement&)> callback);

  int columns() const;
  int64_t integer(int column) const;
  Id id(int column) const { return static_cast<Id>(integer(column)); } ///< NULL is kNoId
  uint32_t number(int column) const { return static_cast<uint32_t>(integer(column)); }
  double real(int column) const;
  bool isNull(int column) const;
  llvm::StringRef text(int column) const; ///< valid until the next step
  llvm::StringRef blob(int column) const;
  Place place(int column) const { return {id(column), number(column + 1), number(column + 2)}; }

  void reset();

private:
  llvm::Error finish();
  template <std::integral Number> void bindOne(int index, Number value) {
    bindInteger(index, static_cast<int64_t>(value));
  }
  void bindOne(int index, double value);
  void bindOne(int index, Key key);
  void bindOne(int index, Blob blob);
  void bindOne(int index, llvm::StringRef text);
  void bindOne(int index, const std::optional<llvm::StringRef>& text); ///< none is NULL
  void bindInteger(int index, int64_t value);

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  Connection* connection_ = nullptr;
  int bind_error_ = 0;
};

} // namespace lockvet::store
