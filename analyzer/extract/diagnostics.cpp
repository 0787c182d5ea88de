// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/extract/diagnostics.h"

#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Driver/DriverDiagnostic.h"
#include "llvm/ADT/SmallString.h"

namespace lockvet::extract {

using namespace clang;

namespace {

std::string messageOf(const Diagnostic& info) {
  llvm::SmallString<256> text;
  info.FormatDiagnostic(text);
  return text.str().str();
}

} // namespace

void DiagnosticCollector::HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& info) {
  DiagnosticConsumer::HandleDiagnostic(level, info);
  if (level == DiagnosticsEngine::Note) {
    if (last_was_collected_)
      warnings_.back().notes.push_back({messageOf(info), info.getLocation()});
    return;
  }
  last_was_collected_ = false;
  llvm::StringRef group =
      info.getDiags()->getDiagnosticIDs()->getWarningOptionForDiag(info.getID());
  if (group.starts_with("thread-safety")) {
    warnings_.push_back({group.str(), messageOf(info), info.getLocation(), {}});
    last_was_collected_ = true;
    return;
  }
  if (level < DiagnosticsEngine::Error)
    return;
  switch (info.getID()) {
  case diag::err_drv_unknown_argument:
  case diag::err_drv_unknown_argument_with_suggestion:
  case diag::err_drv_unsupported_opt_for_target:
  case diag::err_drv_unsupported_opt:
  case diag::err_drv_unsupported_opt_with_suggestion:
    unknown_arguments_.push_back(info.getArgKind(0) == DiagnosticsEngine::ak_std_string
                                     ? info.getArgStdStr(0)
                                     : std::string(info.getArgCStr(0)));
    break;
  default:
    break;
  }
  if (!first_error_.empty())
    return;
  if (info.hasSourceManager() && info.getLocation().isValid()) {
    PresumedLoc place = info.getSourceManager().getPresumedLoc(info.getLocation());
    if (place.isValid())
      first_error_ = std::string(place.getFilename()) + ":" + std::to_string(place.getLine()) +
                     ":" + std::to_string(place.getColumn()) + ": ";
  }
  first_error_ += messageOf(info);
}

} // namespace lockvet::extract
