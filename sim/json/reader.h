// Readers: one declaration of what a file may hold both reads it into C++ types and describes it as JSON Schema.
//
// A reader reports every problem that it finds, each at its place, and gives no value when there was one. It checks
// shape only; what names refer to is checked later, by whoever holds a Located or Keyed value.
// Readers are cheap to copy. T must be default-constructible. Objects are in object_reader.h, quantities with units in
// unit_readers.h.
//
//   const auto colours = list(choice<Colour>({{"red", Colour::red}, {"blue", Colour::blue}}));
//   std::optional<std::vector<Colour>> read_colours = read(colours, value, problems);
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sim/json/parse.h"
#include "sim/json/reader_core.h"

namespace deadletter::json {

template <class T>
class Reader {
 public:
  using Type = T;

  Reader(Kinds kinds, std::string expected, std::function<std::optional<T>(const Value&, Context&)> convert,
         Value schema)
      : Reader(std::make_shared<ReaderCore>(
            ReaderCore{kinds, std::move(expected),
                       [convert = std::move(convert)](const Value& value, Context& context, void* target) {
                         std::optional<T> result = convert(value, context);
                         if (result) *static_cast<T*>(target) = std::move(*result);
                         return result.has_value();
                       },
                       [schema = std::move(schema)] { return schema; }})) {}
  // The core must convert into a T.
  explicit Reader(CoreRef core) : core_(std::move(core)) {}

  std::optional<T> operator()(const Value& value, Context& context) const {
    T result{};
    if (!core_->read(value, context, &result)) return std::nullopt;
    return result;
  }

  const CoreRef& core() const { return core_; }
  Value schema() const { return core_->schema(); }

 private:
  CoreRef core_;
};

// Nothing when the value had any problem.
template <class T>
std::optional<T> read(const Reader<T>& reader, const Value& value, Problems& problems) {
  Context context(problems);
  return reader(value, context);
}

// Parses and reads; nothing when there was any problem on the way.
template <class T>
std::optional<T> read_text(const Reader<T>& reader, std::shared_ptr<const Source> source, Problems& problems) {
  const std::size_t before = problems.count();
  const std::optional<Value> value = parse_tolerantly(std::move(source), problems);
  std::optional<T> result;
  if (value) result = read(reader, *value, problems);
  if (problems.count() > before) return std::nullopt;
  return result;
}

Reader<bool> boolean();

// From lo to hi, both included. 2.0 counts as the integer 2, as JSON Schema has it.
Reader<std::int64_t> integer(std::int64_t lo = std::numeric_limits<std::int64_t>::min(),
                             std::int64_t hi = std::numeric_limits<std::int64_t>::max());

// Lengths in code points; 0 as the longest means no limit.
struct TextLimits {
  std::size_t shortest = 0;
  std::size_t longest = 0;
};
Reader<std::string> text(TextLimits limits = {});

// Text that `accepts`. `name` titles it in the schema, `regex` (ECMA 262, anchored) says there what `accepts` says
// here, `expected` completes the sentence "expected …".
Reader<std::string> pattern(std::string name, std::function<bool(std::string_view)> accepts, std::string regex,
                            std::string expected);

// The value as it is, whatever it is.
Reader<Value> any();

// The index of the word among `words`.
Reader<std::size_t> word(std::vector<std::string> words);

// The same shape, with the result passed through a total function: Reader<A> to Reader<B>.
template <class A, class F, class B = std::invoke_result_t<F, A>>
Reader<B> convert(const Reader<A>& reader, F function) {
  auto core = std::make_shared<ReaderCore>(*reader.core());
  core->convert = [inner = reader.core(), function](const Value& value, Context& context, void* target) {
    A result{};
    if (!inner->convert(value, context, &result)) return false;
    *static_cast<B*>(target) = function(std::move(result));
    return true;
  };
  return Reader<B>(std::move(core));
}

template <class E>
Reader<E> choice(std::vector<std::pair<std::string, E>> choices) {
  std::vector<std::string> words;
  for (const auto& [name, value] : choices) words.push_back(name);
  return convert(word(std::move(words)), [choices](std::size_t index) { return choices[index].second; });
}

// A value together with its place, for problems that only a later stage can find.
template <class T>
struct Located {
  T value{};
  Place place;
};

template <class T>
Reader<Located<T>> located(const Reader<T>& reader) {
  auto core = std::make_shared<ReaderCore>(*reader.core());
  core->convert = [inner = reader.core()](const Value& value, Context& context, void* target) {
    auto& result = *static_cast<Located<T>*>(target);
    result.place = context.place_of(value);
    return inner->convert(value, context, &result.value);
  };
  return Reader<Located<T>>(std::move(core));
}

// 0 as the most means no limit.
struct ListLimits {
  std::size_t fewest = 0;
  std::size_t most = 0;
};

// The cores of list and map: `convert` comes from the typed reader, the rest from the reader of the elements.
ReaderCore list_core(const CoreRef& item, ListLimits limits);
ReaderCore map_core(const CoreRef& value, const CoreRef& key);
bool check_list(const Value& value, Context& context, ListLimits limits);

template <class T>
Reader<std::vector<T>> list(const Reader<T>& item, ListLimits limits = {}) {
  auto core = std::make_shared<ReaderCore>(list_core(item.core(), limits));
  core->convert = [item, limits](const Value& value, Context& context, void* target) {
    auto& results = *static_cast<std::vector<T>*>(target);
    const bool right = read_items(value, context, [&item, &results](const Value& element, Context& inner) {
      auto result = item(element, inner);
      if (result) results.push_back(std::move(*result));
      return result.has_value();
    });
    return check_list(value, context, limits) && right;
  };
  return Reader<std::vector<T>>(std::move(core));
}

// One member of a map: `place` is that of the key, its pointer that of the member.
template <class T>
struct Keyed {
  std::string key;
  Place place;
  T value{};
};

// Whether `keys`, when there is one, takes the key of a member; or reports and says false.
bool check_key(const CoreRef& keys, const Member& member, const Value& object, Context& context);

// An object with any keys, in the order of the file; with any that `keys` takes, when it is given.
template <class T>
Reader<std::vector<Keyed<T>>> map(const Reader<T>& reader, std::optional<Reader<std::string>> keys = std::nullopt) {
  const CoreRef key = keys ? keys->core() : nullptr;
  auto core = std::make_shared<ReaderCore>(map_core(reader.core(), key));
  core->convert = [reader, key](const Value& value, Context& context, void* target) {
    auto& results = *static_cast<std::vector<Keyed<T>>*>(target);
    return read_members(value, context, [&](const Member& member, Context& inner) {
      const bool right_key = check_key(key, member, value, inner);
      auto result = reader(member.value, inner);
      if (!result || !right_key) return false;
      results.push_back({member.key, {value.source(), member.key_position, inner.pointer()}, std::move(*result)});
      return true;
    });
  };
  return Reader<std::vector<Keyed<T>>>(std::move(core));
}

// Whichever alternative accepts the kind of the value. Precondition: no two accept the same kind.
// `expected` completes the sentence "expected …".
ReaderCore one_of_core(std::string expected, const std::vector<CoreRef>& alternatives);

template <class... T>
Reader<std::variant<T...>> one_of(std::string expected, const Reader<T>&... readers) {
  using Result = std::variant<T...>;
  auto core = std::make_shared<ReaderCore>(one_of_core(std::move(expected), {readers.core()...}));
  core->convert = [all = std::make_tuple(readers...)](const Value& value, Context& context, void* target) {
    bool right = false;
    const auto attempt = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      const auto& reader = std::get<I>(all);
      if (!reader.core()->kinds.contains(value.kind())) return false;
      right = reader.core()->convert(value, context, &static_cast<Result*>(target)->template emplace<I>());
      return true;
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (void)(attempt(std::integral_constant<std::size_t, I>{}) || ...);
    }
    (std::index_sequence_for<T...>{});
    return right;
  };
  return Reader<Result>(std::move(core));
}

}  // namespace deadletter::json
