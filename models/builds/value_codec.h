// How the values of attributes are written in JSON and for people: one reader and one text for each type.
// The pointer argument only names the type.
#pragma once
#include <string>
#include <vector>

#include "models/builds/node_behaviour.h"
#include "sim/json/reader.h"

namespace deadletter::builds {

json::Reader<sim::Duration> value_reader(sim::Duration*);
json::Reader<std::uint64_t> value_reader(std::uint64_t*);
json::Reader<std::vector<std::string>> value_reader(std::vector<std::string>*);
json::Reader<smtp::ClientTimers> value_reader(smtp::ClientTimers*);
json::Reader<smtp::TimerScope> value_reader(smtp::TimerScope*);
json::Reader<smtp::CodeFrom> value_reader(smtp::CodeFrom*);
json::Reader<smtp::Rcpt552> value_reader(smtp::Rcpt552*);
json::Reader<smtp::BackPressure> value_reader(smtp::BackPressure*);
json::Reader<smtp::Switch> value_reader(smtp::Switch*);
json::Reader<transport::Ladder> value_reader(transport::Ladder*);
json::Reader<transport::Glitch> value_reader(transport::Glitch*);
json::Reader<transport::GlitchStages> value_reader(transport::GlitchStages*);
json::Reader<transport::ExpiryStatus> value_reader(transport::ExpiryStatus*);
json::Reader<transport::ReportShape> value_reader(transport::ReportShape*);
json::Reader<routing::RouterKind> value_reader(routing::RouterKind*);
json::Reader<transport::ConvertAt> value_reader(transport::ConvertAt*);
json::Reader<content::VariantRange> value_reader(content::VariantRange*);
json::Reader<std::string> value_reader(std::string*);
json::Reader<x400::Retries> value_reader(x400::Retries*);
json::Reader<x400::Lifetimes> value_reader(x400::Lifetimes*);
json::Reader<x400::AssociationTimes> value_reader(x400::AssociationTimes*);
json::Reader<scanner::Exclusions> value_reader(scanner::Exclusions*);
json::Reader<scanner::Infected> value_reader(scanner::Infected*);
json::Reader<store::BuiltinRange> value_reader(store::BuiltinRange*);
json::Reader<store::ReadAt> value_reader(store::ReadAt*);
json::Reader<client::ListRead> value_reader(client::ListRead*);
json::Reader<directory::SearchScope> value_reader(directory::SearchScope*);

std::string value_text(sim::Duration value);
std::string value_text(std::uint64_t value);
std::string value_text(const std::vector<std::string>& value);
std::string value_text(const smtp::ClientTimers& value);
std::string value_text(smtp::TimerScope value);
std::string value_text(smtp::CodeFrom value);
std::string value_text(smtp::Rcpt552 value);
std::string value_text(smtp::BackPressure value);
std::string value_text(smtp::Switch value);
std::string value_text(const transport::Ladder& value);
std::string value_text(transport::Glitch value);
std::string value_text(transport::GlitchStages value);
std::string value_text(transport::ExpiryStatus value);
std::string value_text(transport::ReportShape value);
std::string value_text(routing::RouterKind value);
std::string value_text(transport::ConvertAt value);
std::string value_text(content::VariantRange value);
std::string value_text(const std::string& value);
std::string value_text(x400::Retries value);
std::string value_text(const x400::Lifetimes& value);
std::string value_text(const x400::AssociationTimes& value);
std::string value_text(const scanner::Exclusions& value);
std::string value_text(scanner::Infected value);
std::string value_text(store::BuiltinRange value);
std::string value_text(store::ReadAt value);
std::string value_text(client::ListRead value);
std::string value_text(directory::SearchScope value);

}  // namespace deadletter::builds
