// Reads a build's text: releases, updates, and what their installers refuse.
#include <fmt/format.h>

#include <algorithm>

#include "models/builds/installation.h"
#include "models/builds/refusal.h"
#include "models/builds/updates.h"

namespace deadletter::builds {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  for (std::size_t at; (at = text.find(separator)) != text.npos; text.remove_prefix(at + separator.size()))
    parts.emplace_back(text.substr(0, at));
  parts.emplace_back(text);
  return parts;
}

std::vector<std::string> release_names(Kind kind) {
  std::vector<std::string> names;
  for (const Product& product : products())
    for (const Release& release : product.releases)
      if (product.kind == kind) names.push_back(release.name);
  return names;
}

void add_update(const std::string& word, Installed& part, ParsedBuild& parsed) {
  std::string update = word.substr(0, word.find('@'));
  std::string branch = word.find('@') == word.npos ? "" : word.substr(word.find('@') + 1);
  if (update.empty()) {
    parsed.errors.push_back({"an update is missing behind \"+\"", "", update_names(*part.product)});
  } else if (packages_of(update).empty()) {
    parsed.errors.push_back({fmt::format("unknown update \"{}\"", update), update, update_names(*part.product)});
  } else if (std::string reason = refusal(update, branch, part); !reason.empty()) {
    parsed.refused.push_back({update, reason});
  } else {
    part.updates.push_back(find_package(update, part.release->name)->update);
  }
}

void add_part(std::string_view text, Kind kind, ParsedBuild& parsed) {
  std::vector<std::string> words = split(text, "+");
  if (words[0].empty()) {
    parsed.errors.push_back(
        {"a release is missing: nothing stands before \"+\" or beside \" on \"", "", release_names(kind)});
    return;
  }
  FoundRelease found = find_release(words[0]);
  if (found.release == nullptr) {
    parsed.errors.push_back({fmt::format("unknown release \"{}\"", words[0]), words[0], release_names(kind)});
    return;
  }
  Installed part{found.product, found.release, {}};
  for (std::size_t i = 1; i < words.size(); ++i) add_update(words[i], part, parsed);
  parsed.build.parts.push_back(std::move(part));
}

bool runs_on(const Product& product, const Installed& below) {
  auto named = [&](const std::string& name) { return name == below.product->name || name == below.release->name; };
  return std::ranges::any_of(product.runs_on, named);
}

std::string platform_message(const Installed& part) {
  const Product& product = *part.product;
  const std::string& first = product.runs_on.front();
  std::string note = product.platform_note.empty() ? "" : fmt::format(" ({})", product.platform_note);
  std::string example = find_release(first).release == nullptr ? first + "-…" : first;
  return fmt::format("{} runs on {}{}: write \"{} on {}\"", product.name, any_of(product.runs_on), note,
                     part.release->name, example);
}

void check_platform(ParsedBuild& parsed) {
  const auto& parts = parsed.build.parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Product& product = *parts[i].product;
    bool last = i + 1 == parts.size();
    if (product.runs_on.empty() && !last)
      parsed.errors.push_back({fmt::format("{} does not run on another product", product.name), product.name, {}});
    if (!product.runs_on.empty() && (last || !runs_on(product, parts[i + 1])))
      parsed.errors.push_back({platform_message(parts[i]), parts[i].release->name, {}});
  }
}

void check_kind(Kind kind, ParsedBuild& parsed) {
  const Installed& top = parsed.build.parts.front();
  if (top.product->kind != kind)
    parsed.errors.push_back({fmt::format("{} is a mail {}: a mail {} is wanted here", top.release->name,
                                         text(top.product->kind), text(kind)),
                             top.release->name,
                             {}});
}

}  // namespace

ParsedBuild parse_build(std::string_view text, Kind kind) {
  ParsedBuild parsed;
  parsed.build.text = text;
  for (const std::string& part : split(text, " on ")) add_part(part, kind, parsed);
  if (parsed.errors.empty()) check_platform(parsed);
  if (parsed.errors.empty()) check_kind(kind, parsed);
  return parsed;
}

std::string text_with(const Build& build, std::size_t part, std::string_view update) {
  std::string text;
  for (std::size_t i = 0; i < build.parts.size(); ++i) {
    if (i > 0) text += " on ";
    text += build.parts[i].release->name;
    for (const std::string& u : build.parts[i].updates) text += "+" + u;
    if (i == part) text += "+" + std::string(update);
  }
  return text;
}

}  // namespace deadletter::builds
