#include "experiments/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "experiments/config/packed_files.h"
#include "sim/fingerprint.h"
#include "sim/json/parse.h"

namespace deadletter::experiments {
namespace {

json::Value value_of(const Set& set) {
  auto source = std::make_shared<json::Source>(json::Source{"--set " + set.path, set.value});
  json::Problems not_json;
  if (auto value = json::parse(source, not_json)) return *value;
  auto quoted = std::make_shared<json::Source>(json::Source{"--set " + set.path, json::Value(set.value).dump(0)});
  json::Problems none;
  return json::parse(quoted, none).value_or(json::Value(set.value));
}

// The objects on the way to `pointer` are made where they are missing, so that a setting can be named that the file
// does not mention.
void make_way(json::Value& document, const std::string& pointer, const json::Place& place) {
  json::Value way = json::Value::object();
  way.set_place(place.source, place.position);
  for (std::size_t at = pointer.find('/', 1); at != pointer.npos; at = pointer.find('/', at + 1))
    if (document.find_pointer(pointer.substr(0, at)) == nullptr) document.set_pointer(pointer.substr(0, at), way);
}

// An experiment without variants is one variant in which nothing differs.
void name_the_only_variant(json::Value& document) {
  const json::Value* variants = document.find("variants");
  if (!document.is(json::Kind::object) || (variants != nullptr && !variants->is(json::Kind::object))) return;
  if (variants == nullptr || variants->size() == 0)
    document.set("variants", json::Value::object().set("base", json::Value::object()));
}

void apply(const Set& set, json::Value& document, json::Problems& problems) {
  std::string pointer = set.path;
  auto source = std::make_shared<json::Source>(json::Source{"--set", set.path + "=" + set.value});
  json::Place place{source, {1, 1}, ""};
  if (!pointer.starts_with("/")) {
    const json::Value* parameters = document.find("parameters");
    const json::Value* named = parameters == nullptr ? nullptr : parameters->find(pointer);
    if (named == nullptr || !named->is(json::Kind::string)) {
      std::vector<std::string> names;
      if (parameters != nullptr && parameters->is(json::Kind::object))
        for (const json::Member& m : parameters->members()) names.push_back(m.key);
      problems.add(json::problem_at(
          place,
          fmt::format("\"{}\" is neither a JSON Pointer (\"/mail/0/size\") nor a parameter of the experiment", pointer),
          pointer, names));
      return;
    }
    pointer = named->as_string();
  }
  make_way(document, pointer, place);
  if (auto wrong = document.set_pointer(pointer, value_of(set))) problems.add(json::problem_at(place, *wrong));
}

}  // namespace

std::optional<Set> parse_set(std::string_view text) {
  std::size_t at = text.find('=');
  if (at == text.npos || at == 0) return std::nullopt;
  return Set{std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

std::shared_ptr<const json::Source> read_source(const std::string& path, const std::string& what,
                                                json::Problems& problems) {
  namespace fs = std::filesystem;
  auto fail = [&](std::string why) {
    json::Problem problem;
    problem.file = path;
    problem.message = fmt::format("cannot read {}: {}", what, why);
    problems.add(std::move(problem));
    return nullptr;
  };
  if (PackedFiles::in_use()) {
    const std::string* packed = PackedFiles::find(path);
    if (packed == nullptr) return fail("it is not among the files that came along");
    return std::make_shared<json::Source>(json::Source{path, *packed});
  }
  std::error_code error;
  if (!fs::exists(path, error)) return fail("there is no such file");
  if (fs::is_directory(path, error)) return fail("it is a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("it cannot be opened");
  // Not by the file's size, which a pipe or a device does not have.
  std::string text;
  std::vector<char> chunk(1 << 16);
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > kLargestInput) return fail(fmt::format("it is larger than {} MB", kLargestInput >> 20));
  }
  if (file.bad()) return fail("it cannot be read to its end");
  return std::make_shared<json::Source>(json::Source{path, std::move(text)});
}

std::optional<Loaded> load_experiment(const std::string& path, const std::vector<Set>& sets, json::Problems& problems) {
  auto source = read_source(path, "the experiment", problems);
  if (source == nullptr) return std::nullopt;
  return load_experiment_text(path, source->text, sets, problems);
}

std::optional<Loaded> load_experiment_text(const std::string& path, std::string text, const std::vector<Set>& sets,
                                           json::Problems& problems) {
  Loaded loaded{.path = path, .document = {}, .experiment = {}, .inputs = {}};
  loaded.inputs.push_back({"experiment", path, sim::hash_octets(text)});
  auto source = std::make_shared<json::Source>(json::Source{path, std::move(text)});
  std::size_t before = problems.count();
  auto document = json::parse_tolerantly(source, problems);
  if (!document) return std::nullopt;
  loaded.document = std::move(*document);
  for (const Set& set : sets) apply(set, loaded.document, problems);
  name_the_only_variant(loaded.document);
  auto experiment = json::read(experiment_reader(), loaded.document, problems);
  if (problems.count() > before || !experiment) return std::nullopt;
  loaded.experiment = std::move(*experiment);
  return loaded;
}

}  // namespace deadletter::experiments
