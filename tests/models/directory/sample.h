// A directory from names: who is where, and answers as lists of names, "staff, board".
#pragma once
#include <map>
#include <string>
#include <vector>

#include "models/directory/directory.h"

namespace deadletter::directory::testing {

using Names = std::vector<std::string>;

inline sim::Instant minute(std::int64_t n) { return sim::Instant{} + sim::Duration::minutes(n); }

class Sample {
 public:
  // A domain whose name ends as that of one which is there is its child.
  DomainId domain(const std::string& name, WindowsVersion windows = WindowsVersion::windows_2003) {
    Domain domain{name};
    domain.windows = windows;
    if (std::size_t dot = name.find('.'); dot != name.npos)
      domain.parent = directory_.find_domain(name.substr(dot + 1));
    return directory_.add(std::move(domain));
  }
  ControllerId catalog(const std::string& name, const std::string& domain) { return controller(name, domain, true); }
  ControllerId plain(const std::string& name, const std::string& domain) { return controller(name, domain, false); }

  ObjectId add(Kind kind, const std::string& name, const std::string& domain, Names proxies = {}) {
    Object object{kind, name, *directory_.find_domain(domain)};
    object.proxies = std::move(proxies);
    return enter(std::move(object));
  }
  ObjectId user(const std::string& name, const std::string& domain, Names proxies = {}) {
    return add(Kind::user, name, domain, std::move(proxies));
  }
  ObjectId group(GroupType type, GroupScope scope, const std::string& name, const std::string& domain,
                 const Names& members = {}) {
    Object object{Kind::group, name, *directory_.find_domain(domain)};
    object.type = type, object.scope = scope;
    for (const std::string& member : members) object.members.push_back(id(member));
    return enter(std::move(object));
  }
  ObjectId list(const std::string& name, const std::string& domain, const Names& members = {}) {
    return group(GroupType::distribution, GroupScope::universal, name, domain, members);
  }
  ObjectId team(GroupScope scope, const std::string& name, const std::string& domain, const Names& members = {}) {
    return group(GroupType::security, scope, name, domain, members);
  }
  void put(const std::string& group, const Names& members) {
    for (const std::string& member : members) directory_.add_member(id(group), id(member));
  }
  void add_at(std::int64_t at, const std::string& where, const std::string& group, const std::string& member) {
    directory_.change({minute(at), controllers_.at(where), id(group), id(member), true});
  }
  void remove_at(std::int64_t at, const std::string& where, const std::string& group, const std::string& member) {
    directory_.change({minute(at), controllers_.at(where), id(group), id(member), false});
  }
  void delay(const std::string& from, const std::string& to, std::int64_t minutes) {
    directory_.set_delay(controllers_.at(from), controllers_.at(to), sim::Duration::minutes(minutes));
  }

  // From controller "" one that knows everything answers.
  View at(const std::string& controller, std::int64_t now = 0) const {
    return {controller.empty() ? ControllerId{} : controllers_.at(controller), minute(now)};
  }
  ObjectId id(const std::string& name) const { return ids_.at(name); }
  const Object& object(const std::string& name) const { return directory_.object(id(name)); }
  std::string names(const std::vector<ObjectId>& ids) const {
    std::string all;
    for (ObjectId id : ids) all += (all.empty() ? "" : ", ") + directory_.object(id).name;
    return all;
  }
  std::string members(const std::string& group, const View& view) const {
    return names(directory_.members(id(group), view));
  }
  std::string token(const std::string& user, const View& view = {}) const {
    return names(directory_.token_groups(id(user), view));
  }
  Directory& directory() { return directory_; }
  const Directory& directory() const { return directory_; }

 private:
  ControllerId controller(const std::string& name, const std::string& domain, bool global_catalog) {
    return controllers_[name] = directory_.add(Controller{name, *directory_.find_domain(domain), "", global_catalog});
  }
  ObjectId enter(Object object) {
    std::string name = object.name;
    return ids_[name] = directory_.add(std::move(object));
  }

  Directory directory_;
  std::map<std::string, ControllerId> controllers_;
  std::map<std::string, ObjectId> ids_;
};

// Two forests, of contoso.com with emea and of fabrikam.com; ann, bob and carl are of emea.
inline Sample two_forests() {
  Sample sample;
  sample.domain("contoso.com"), sample.domain("emea.contoso.com"), sample.domain("fabrikam.com");
  sample.catalog("gc", "contoso.com"), sample.catalog("emea-gc", "emea.contoso.com");
  sample.plain("dc", "contoso.com"), sample.catalog("foreign", "fabrikam.com");
  for (const char* name : {"ann", "bob", "carl"}) sample.user(name, "emea.contoso.com");
  return sample;
}

}  // namespace deadletter::directory::testing
