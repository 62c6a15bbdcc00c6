// Messages drawn at random from all that a Message may hold, for tests that write and read them back.
#pragma once
#include <random>

#include "models/content/message.h"

namespace deadletter::content::testing {

class MadeUpMessages {
 public:
  explicit MadeUpMessages(unsigned seed) : random_(seed) {}

  // At most `levels` levels, and more rows and properties than anybody has.
  Message next(std::size_t levels) {
    Message message;
    message.properties = properties();
    if (below(3) == 0) message.properties.set(tag::kMessageClass, std::string(kClasses[below(std::size(kClasses))]));
    for (std::size_t i = below(4); i > 0; --i) message.recipients.push_back({properties()});
    for (std::size_t i = below(3); i > 0; --i) message.attachments.push_back(attachment(levels));
    return message;
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string octets() {
    std::string octets(below(4) == 0 ? 0 : below(40), ' ');
    for (char& c : octets) c = static_cast<char>(below(256));
    return octets;
  }

  std::string text() {
    static constexpr const char* pieces[] = {"a", "Zürich", "\xf0\x9f\x93\xa7", "会議", "\r\n",
                                             " ", ";",      "\xef\xbf\xbd",     "@"};
    std::string text;
    for (std::size_t i = below(8); i > 0; --i) text += pieces[below(std::size(pieces))];
    if (below(8) == 0) text += '\0';
    return text;
  }

 private:
  static constexpr const char* kClasses[] = {
      "IPM.Note", "IPM.Schedule.Meeting.Request", "IPM.Microsoft Mail.Note",     "ipm.note", "",
      "IPM.Nöte", "Report.IPM.Note.NDR",          "Microsoft Mail v3.0 IPM.Note"};

  Attachment attachment(std::size_t levels) {
    Attachment made;
    made.properties = properties();
    if (below(2) == 0) made.properties.set(tag::kAttachData, Binary{octets()});
    if (levels > 1 && below(2) == 0) made.embedded = std::make_shared<Message>(next(levels - 1));
    return made;
  }

  Properties properties() {
    Properties made;
    for (std::size_t i = below(12); i > 0; --i) {
      const TagInfo& known = known_tags()[below(known_tags().size())];
      auto any = static_cast<std::uint16_t>(below(0x10000));
      Tag unknown = below(2) == 0 ? Tag{Set::standard, static_cast<std::uint16_t>(any & 0x7fff)}
                                  : Tag{static_cast<Set>(1 + below(4)), any};
      bool its_own = below(4) != 0;
      made.set(below(3) == 0 ? unknown : known.tag, value(its_own ? known.type : kTypes[below(std::size(kTypes))]));
    }
    return made;
  }

  Value value(Type type) {
    constexpr std::int64_t ticks[] = {0, 1, kFileTimeOfUnixEpoch, 0x7fffffffffffffff};
    switch (type) {
      case Type::integer:
        return static_cast<std::int32_t>(random_());
      case Type::boolean:
        return below(2) == 0;
      case Type::text:
        return text();
      case Type::time:
        return FileTime{ticks[below(std::size(ticks))]};
      case Type::binary:
        return Binary{octets()};
    }
    return false;
  }

  static constexpr Type kTypes[] = {Type::integer, Type::boolean, Type::text, Type::time, Type::binary};
  std::mt19937 random_;
};

}  // namespace deadletter::content::testing
