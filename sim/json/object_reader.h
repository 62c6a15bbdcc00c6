// Objects with a fixed set of keys, declared field by field.
//
//   const auto mail = object<Mail>("mail", "One message that is submitted")
//                         .required("id", &Mail::id, text({.shortest = 1}), "Names the message in expectations")
//                         .optional("at", &Mail::at, duration(), "When it is submitted, after the start");
//
// An optional field that is absent keeps the member's default; the member may be a std::optional. Unknown keys and
// missing required ones are problems. Each call gives a new reader and leaves the one that it was called on unchanged.
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/json/reader.h"

namespace deadletter::json {

template <class T>
class ObjectReader : public Reader<T> {
 public:
  explicit ObjectReader(std::shared_ptr<const ObjectShape> shape)
      : Reader<T>(core_of(shape)), shape_(std::move(shape)) {}

  template <class M, class C, class X>
  requires std::derived_from<T, C> && std::assignable_from<M&, X> ObjectReader required(std::string key, M C::*member,
                                                                                        const Reader<X>& reader,
                                                                                        std::string documentation = "")
  const { return with_field(std::move(key), member, reader, std::move(documentation), true); }

  template <class M, class C, class X>
  requires std::derived_from<T, C> && std::assignable_from<M&, X> ObjectReader optional(std::string key, M C::*member,
                                                                                        const Reader<X>& reader,
                                                                                        std::string documentation = "")
  const { return with_field(std::move(key), member, reader, std::move(documentation), false); }

  // Of these keys, declared as optional fields, exactly one must be there.
  ObjectReader exactly_one(std::vector<std::string> keys) const {
    auto shape = std::make_shared<ObjectShape>(*shape_);
    shape->exactly_one.push_back(std::move(keys));
    return ObjectReader(std::move(shape));
  }

  // "$schema" may be there: for the object at the top of a file, so that editors complete.
  ObjectReader with_schema_link() const {
    auto shape = std::make_shared<ObjectShape>(*shape_);
    shape->schema_link = true;
    return ObjectReader(std::move(shape));
  }

 private:
  static CoreRef core_of(const std::shared_ptr<const ObjectShape>& shape) {
    ReaderCore core;
    core.kinds = {Kind::object};
    core.expected = "an object";
    core.convert = [shape](const Value& value, Context& context, void* target) {
      return shape->read(value, context, target);
    };
    core.schema = [shape] { return shape->schema(); };
    return std::make_shared<ReaderCore>(std::move(core));
  }

  template <class M, class C, class X>
  ObjectReader with_field(std::string key, M C::*member, const Reader<X>& reader, std::string documentation,
                          bool required) const {
    auto assign = [member, core = reader.core()](const Value& value, Context& context, void* object) {
      X result{};
      if (!core->read(value, context, &result)) return false;
      static_cast<T*>(object)->*member = std::move(result);
      return true;
    };
    auto shape = std::make_shared<ObjectShape>(*shape_);
    shape->fields.push_back({std::move(key), std::move(documentation), required, reader.core(), std::move(assign)});
    return ObjectReader(std::move(shape));
  }

  std::shared_ptr<const ObjectShape> shape_;
};

template <class T>
ObjectReader<T> object(std::string title, std::string description = "") {
  ObjectShape shape;
  shape.title = std::move(title);
  shape.description = std::move(description);
  return ObjectReader<T>(std::make_shared<const ObjectShape>(std::move(shape)));
}

}  // namespace deadletter::json
