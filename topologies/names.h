// Looking up names of a topology, with the problem that an unknown one is.
#pragma once
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "sim/json/excerpt.h"
#include "sim/json/problem.h"
#include "topologies/organization.h"

namespace deadletter::topologies {

// Domains are compared without case.
inline std::string lowered(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

inline void problem(json::Problems& problems, const json::Place& place, std::string message) {
  problems.add(json::problem_at(place, std::move(message)));
}

// Names of one kind, in the order of the file, each with its index.
class Names {
 public:
  Names(std::string kind, json::Problems& problems) : kind_(std::move(kind)), problems_(&problems) {}

  void add(const Name& name) {
    if (index_.emplace(name.value, static_cast<std::uint32_t>(index_.size())).second)
      list_.push_back(name.value);
    else
      problem(*problems_, name.place, fmt::format("there is a {} \"{}\" already", kind_, name.value));
  }
  bool has(const std::string& name) const { return index_.contains(name); }
  std::uint32_t at(const std::string& name) const { return index_.at(name); }
  std::size_t size() const { return list_.size(); }

  // False, and a problem, when there is no such name.
  bool check(const Name& name) const { return check(name, kind_); }
  bool check(const Name& name, const std::string& what) const {
    if (has(name.value)) return true;
    problems_->add(
        json::problem_at(name.place, fmt::format("unknown {} {}", what, json::show(name.value)), name.value, list_));
    return false;
  }
  bool check(const std::optional<Name>& name) const { return !name || check(*name); }
  void check(const std::vector<Name>& names) const {
    for (const Name& name : names) check(name);
  }

 private:
  std::string kind_;
  json::Problems* problems_;
  std::map<std::string, std::uint32_t> index_;
  std::vector<std::string> list_;
};

}  // namespace deadletter::topologies
