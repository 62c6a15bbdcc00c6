#include "experiments/cli/list_builds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/builds/product.h"
#include "models/builds/updates.h"

namespace deadletter::cli {
namespace {

using json::Value;

Value text_list(const std::vector<std::string>& list) {
  Value value = Value::array();
  for (const std::string& text : list) value.push_back(text);
  return value;
}

Value update_value(const builds::Package& package) {
  return Value::object()
      .set("update", package.update)
      .set("also", package.also)
      .set("title", package.title)
      .set("file", package.file)
      .set("date", package.date)
      .set("known", builds::text(package.known))
      .set("source", package.source)
      .set("contains", text_list(package.contains))
      .set("needs", text_list(package.needs))
      .set("excludes", text_list(package.excludes))
      .set("restarts", text_list(package.restarts));
}

Value release_value(const builds::Product& product, const builds::Release& release) {
  Value updates = Value::array();
  for (const builds::Package& package : builds::packages())
    if (package.branch == release.name) updates.push_back(update_value(package));
  return Value::object()
      .set("release", release.name)
      .set("title", release.title)
      .set("product", product.name)
      .set("kind", builds::text(product.kind))
      .set("file", release.file)
      .set("date", release.date)
      .set("known", builds::text(release.known))
      .set("source", release.source)
      .set("runs on", text_list(product.runs_on))
      .set("contains", text_list(release.contains))
      .set("note", release.note)
      .set("updates", updates);
}

void print_line(const std::string& name, const std::string& file, const std::string& date, builds::Known known,
                const std::string& rest) {
  std::string line =
      fmt::format("{:<30} {:<26} {:<10} {:<10} {}", name, file, date, file.empty() ? "" : builds::text(known), rest);
  fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
}

void add_relation(std::string& line, const char* what, const std::vector<std::string>& updates) {
  if (!updates.empty()) line += fmt::format("{}{} {}", line.empty() ? "" : "; ", what, fmt::join(updates, ", "));
}

void print_release(const builds::Release& release) {
  print_line("  " + release.name, release.file, release.date, release.known, release.title);
  if (!release.contains.empty()) fmt::print("      contains {}\n", fmt::join(release.contains, ", "));
  if (!release.note.empty()) fmt::print("      {}\n", release.note);
  for (const builds::Package& package : builds::packages()) {
    if (package.branch != release.name) continue;
    std::string relations;
    add_relation(relations, "contains", package.contains);
    add_relation(relations, "needs", package.needs);
    add_relation(relations, "not beside", package.excludes);
    print_line("    +" + builds::shown_update(package), package.file, package.date, package.known, relations);
  }
}

}  // namespace

Value build_list() {
  Value list = Value::array();
  for (const builds::Product& product : builds::products())
    for (const builds::Release& release : product.releases) list.push_back(release_value(product, release));
  return list;
}

void print_builds() {
  for (const builds::Product& product : builds::products()) {
    fmt::print("{}: {}", product.name, product.title);
    if (!product.runs_on.empty()) fmt::print("; runs on {}", fmt::join(product.runs_on, ", "));
    if (!product.platform_note.empty()) fmt::print(" ({})", product.platform_note);
    fmt::print("{}\n", product.kind == builds::Kind::client ? "; a mail client" : "");
    for (const builds::Release& release : product.releases) print_release(release);
  }
}

}  // namespace deadletter::cli
