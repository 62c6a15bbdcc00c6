#include "experiments/run/recording.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/json/fields.h"
#include "sim/json/octets.h"
#include "sim/json/parse.h"

namespace deadletter::experiments {
namespace fs = std::filesystem;
namespace {

constexpr int kCapsuleFormat = 1;
constexpr const char* kCapsule = "deadletter capsule";

std::uint64_t number(const json::Value& value) {
  return value.is(json::Kind::integer) ? static_cast<std::uint64_t>(value.as_integer()) : 0;
}

void fail(const std::string& file, std::string why, json::Problems& problems) {
  json::Problem problem;
  problem.file = file;
  problem.message = std::move(why);
  problems.add(problem);
}

std::vector<json::Value> items(const json::Value& list) {
  return list.is(json::Kind::array) ? std::vector<json::Value>(list.items().begin(), list.items().end())
                                    : std::vector<json::Value>();
}

// The part that run.json and a capsule have in common.
Recording recording_of(const json::Value& run) {
  Recording r;
  r.variant = text_at(run, "/result/variant");
  r.asked.path = text_at(run, "/asked/experiment");
  r.asked.folder = text_at(run, "/asked/folder");
  for (const json::Value& word : items(at(run, "/asked/set")))
    if (auto set = parse_set(word.is(json::Kind::string) ? word.as_string() : "")) r.asked.sets.push_back(*set);
  if (at(run, "/asked/seed").is(json::Kind::integer)) r.asked.seed = number(at(run, "/asked/seed"));
  r.program = text_at(run, "/program");
  for (const json::Value& input : items(at(run, "/inputs")))
    r.inputs.push_back({text_at(input, "/role"), text_at(input, "/path"), text_at(input, "/hash")});
  r.nodes = at(run, "/nodes");
  const char* parts = "/result/fingerprint_parts/";
  r.fingerprint = {text_at(run, "/result/fingerprint"), text_at(run, fmt::format("{}events", parts)),
                   text_at(run, fmt::format("{}chance", parts)), text_at(run, fmt::format("{}reports", parts)),
                   text_at(run, fmt::format("{}fates", parts))};
  for (const json::Value& mark : items(at(run, "/marks"))) {
    auto fields = items(mark);
    if (fields.size() == 3 && fields[2].is(json::Kind::string))
      r.marks.push_back({number(fields[0]), {static_cast<std::int64_t>(number(fields[1]))}, fields[2].as_string()});
  }
  return r;
}

std::optional<std::string> unpacked(const json::Value& file) {
  if (at(file, "/text").is(json::Kind::string)) return text_at(file, "/text");
  return at(file, "/octets").is(json::Kind::string) ? json::octets_of(text_at(file, "/octets")) : std::nullopt;
}

std::optional<json::Value> read_json(const std::string& file, const char* what, json::Problems& problems) {
  auto source = read_source(file, what, problems);
  return source == nullptr ? std::nullopt : json::parse(source, problems);
}

bool is_run(const json::Value& run, const std::string& file, json::Problems& problems) {
  bool complete = number(at(run, "/format")) == kRunFormat && !text_at(run, "/asked/experiment").empty() &&
                  !text_at(run, "/result/variant").empty();
  if (!complete) fail(file, fmt::format("this is no run.json of format {}", kRunFormat), problems);
  return complete;
}

std::optional<json::Value> read_run(const std::string& folder, json::Problems& problems) {
  if (fs::exists(fs::path(folder) / "INCOMPLETE")) {
    fail(folder, "this run was interrupted: there is no whole result to compare with", problems);
    return std::nullopt;
  }
  std::string file = (fs::path(folder) / "run.json").string();
  auto run = read_json(file, "the run", problems);
  return run && is_run(*run, file, problems) ? run : std::nullopt;
}

// A file as JSON: "text" when it is UTF-8, else "octets".
json::Value packed(std::string_view octets) {
  bool text = json::is_utf8(octets);
  return json::Value::object().set(text ? "text" : "octets", text ? std::string(octets) : json::characters_of(octets));
}

// The deepest folder that holds all files, without a slash at its end.
std::string shared_folder(const std::vector<std::string>& files) {
  fs::path shared = fs::path(files.front()).parent_path();
  for (const std::string& file : files)
    while (!(file + "/").starts_with(shared.string() + "/") && shared != shared.root_path())
      shared = shared.parent_path();
  return shared == shared.root_path() ? "" : shared.string();
}

std::string without(const std::string& folder, const std::string& path) {
  return path.starts_with(folder + "/") ? path.substr(folder.size()) : path;
}

// run.json of a capsule: what a replay needs, with paths that start at `folder`.
json::Value packed_run(const json::Value& run, const std::string& folder) {
  json::Value inputs = json::Value::array();
  for (const json::Value& input : items(at(run, "/inputs"))) {
    json::Value own = input;
    inputs.push_back(own.set("path", without(folder, text_at(input, "/path"))));
  }
  json::Value asked = at(run, "/asked");
  asked.set("experiment", without(folder, text_at(run, "/asked/experiment")));
  if (asked.find("folder") != nullptr) {
    std::string from = text_at(run, "/asked/folder");
    asked.set("folder", from == folder ? "/" : without(folder, from));
  }
  json::Value result = json::Value::object();
  for (const char* key :
       {"experiment", "variant", "seed", "fingerprint", "fingerprint_parts", "messages", "events", "fates"})
    result.set(key, at(run, fmt::format("/result/{}", key)));
  return json::Value::object()
      .set("format", at(run, "/format"))
      .set("program", at(run, "/program"))
      .set("asked", asked)
      .set("record", at(run, "/record"))
      .set("inputs", inputs)
      .set("nodes", at(run, "/nodes"))
      .set("result", result)
      .set("marks", at(run, "/marks"));
}

json::Value assemble(const json::Value& run, const std::map<std::string, std::string>& texts,
                     const std::string& folder) {
  json::Value files = json::Value::array();
  for (const auto& [path, text] : texts) files.push_back(packed(text).set("path", without(folder, path)));
  return json::Value::object()
      .set("what", kCapsule)
      .set("format", kCapsuleFormat)
      .set("run", packed_run(run, folder))
      .set("files", files);
}

std::optional<Recording> recording_in(const json::Value& capsule, const std::string& path, json::Problems& problems) {
  Recording recording = recording_of(at(capsule, "/run"));
  std::map<std::string, std::string> files;
  for (const Input& input : recording.inputs) {
    for (const json::Value& file : items(at(capsule, "/files")))
      if (text_at(file, "/path") == input.path) files[input.path] = unpacked(file).value_or("");
    if (sim::hash_octets(files[input.path]) == input.hash) continue;
    fail(path, fmt::format("the {} {} in it is not what it was made from: it is damaged", input.role, input.path),
         problems);
    return std::nullopt;
  }
  if (at(capsule, "/transcript").is(json::Kind::object))
    if (auto octets = unpacked(at(capsule, "/transcript")))
      recording.transcript = std::make_unique<std::istringstream>(*octets);
  recording.files = std::make_unique<PackedFiles>(std::move(files));
  return recording;
}

std::optional<Recording> read_capsule(const std::string& path, json::Problems& problems) {
  auto capsule = read_json(path, "the capsule", problems);
  if (!capsule) return std::nullopt;
  if (text_at(*capsule, "/what") != kCapsule || number(at(*capsule, "/format")) != kCapsuleFormat) {
    fail(path, fmt::format("this is no capsule of format {}, as `deadletter capsule RUN_DIR` makes it", kCapsuleFormat),
         problems);
    return std::nullopt;
  }
  if (!is_run(at(*capsule, "/run"), path, problems)) return std::nullopt;
  return recording_in(*capsule, path, problems);
}

bool stands_alone(const json::Value& capsule) {
  json::Problems problems;
  auto recording = recording_in(capsule, "", problems);
  return recording && plan_of(*recording, problems);
}

std::optional<std::string> short_transcript(const std::string& folder) {
  fs::path path = fs::path(folder) / "transcript.txt";
  std::error_code error;
  auto size = fs::file_size(path, error);
  if (error || size > kMostTranscript) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::optional<Recording> read_recording(const std::string& path, json::Problems& problems) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return read_capsule(path, problems);
  auto run = read_run(path, problems);
  if (!run) return std::nullopt;
  Recording recording = recording_of(*run);
  auto transcript = std::make_unique<std::ifstream>(fs::path(path) / "transcript.txt", std::ios::binary);
  if (transcript->is_open()) recording.transcript = std::move(transcript);
  return recording;
}

std::optional<Plan> plan_of(const Recording& r, json::Problems& problems) {
  auto loaded = load_experiment(r.asked.path, r.asked.sets, problems);
  if (!loaded) return std::nullopt;
  loaded->folder = r.asked.folder;
  if (loaded->document.find("variants")->find(r.variant) == nullptr) {
    fail(r.asked.path, fmt::format("the experiment has no variant \"{}\" any more", r.variant), problems);
    return std::nullopt;
  }
  return make_plan(*loaded, r.variant, r.asked.seed, problems);
}

std::optional<std::string> make_capsule(const std::string& run_folder, json::Problems& problems) {
  auto run = read_run(run_folder, problems);
  if (!run) return std::nullopt;
  Recording recording = recording_of(*run);
  std::vector<std::string> paths{recording.asked.path};
  for (const Input& input : recording.inputs) paths.push_back(input.path);
  std::string shared = shared_folder(paths);
  std::map<std::string, std::string> texts;
  std::size_t before = problems.count();
  for (const Input& input : recording.inputs) {
    auto source = read_source(input.path, "the " + input.role, problems);
    if (source == nullptr) continue;
    if (std::string now = sim::hash_octets(source->text); now != input.hash)
      fail(input.path,
           fmt::format(
               "the {} is not what it was in this run (hash {}, recorded {}): run it again, then make the capsule",
               input.role, now, input.hash),
           problems);
    texts[input.path] = source->text;
  }
  if (problems.count() > before) return std::nullopt;
  // An experiment that names a file by its absolute path finds it there only.
  auto assembled = assemble(*run, texts, shared);
  if (!stands_alone(assembled)) assembled = assemble(*run, texts, "");
  if (auto transcript = short_transcript(run_folder)) assembled.set("transcript", packed(*transcript));
  std::string text = assembled.dump(1) + "\n";
  if (text.size() <= kLargestInput) return text;
  fail(run_folder, fmt::format("its inputs come to more than {} MB: too much for a capsule", kLargestInput >> 20),
       problems);
  return std::nullopt;
}

}  // namespace deadletter::experiments
