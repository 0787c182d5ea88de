// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/program/context_dimension.h"

namespace lockvet::program {

ContextDimension ContextDimension::coroutines(const config::Config& config) {
  ContextDimension dimension;
  dimension.inside = kCoroutineFn;
  dimension.outside = kNoCoroutineFn;
  dimension.either = kMixedFn;
  dimension.not_inside = kNoCoroutineFn;
  dimension.not_outside = kCoroutineFn;
  dimension.asserting = kNoCoroutineFn;
  dimension.asserted = kOutside;
  dimension.predicates = config.coroutine_predicates;
  dimension.of_main = kOutside;
  dimension.outside_roots = config.roots;
  dimension.inside_words = "in a coroutine";
  dimension.outside_words = "outside coroutines";
  return dimension;
}

ContextDimension ContextDimension::threads(const config::Config& config) {
  ContextDimension dimension;
  dimension.inside = kMainLoop;
  dimension.outside = kAnyThread;
  dimension.either = kEitherThread;
  dimension.not_outside = kMainLoop;
  dimension.asserting = kMainLoop;
  dimension.asserted = kInside;
  dimension.has_statements = true;
  dimension.predicates = config.main_loop_predicates;
  dimension.of_main = kInside;
  dimension.inside_words = "in the main loop";
  dimension.outside_words = "outside the main loop";
  dimension.asks_label_ = true;
  return dimension;
}

std::optional<Context> ContextDimension::contextOf(const Registration& registration) const {
  if (asks_label_) {
    if (registration.label == "main_loop")
      return kInside;
    if (registration.label == "thread_pool")
      return kOutside;
    return std::nullopt;
  }
  switch (registration.context) {
  case config::Registrar::Context::Unknown:
    break;
  case config::Registrar::Context::Coroutine:
    return kInside;
  case config::Registrar::Context::Outside:
    return kOutside;
  }
  return std::nullopt;
}

} // namespace lockvet::program
