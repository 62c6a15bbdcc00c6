// What a message holds at one place of its way, in the form that it has there.
//
// A value that is made once and shared by all copies. Content that a MAPI client submits is a Message; on its way it is
// octets: an Internet message, or a TNEF stream inside one (S-TNEF alone, TNEF beside plain text), or either in an
// X.400 envelope. The articles behind what octets cannot say travel beside them.
#pragma once
#include <memory>
#include <string>

#include "models/content/convert.h"
#include "models/content/p22.h"
#include "models/transport/behaviour.h"

namespace deadletter::content {

enum class Form : std::uint8_t { mapi, s_tnef, tnef, mime };
const char* text(Form form);

struct Content {
  Form form = Form::mapi;
  bool enveloped = false;                  // `message` is the envelope that came by X.400, not yet unwrapped
  std::shared_ptr<const Message> message;  // of mapi; of (S-)TNEF what its stream holds, with the articles behind it
  std::string octets;                      // of the other forms
  Trail trail;                             // of mime
  std::string mts_id;                      // of what has come by X.400
};

// In the form in which it is to go on. Only what a MAPI client submitted is converted; what has travelled is left
// alone.
struct Rendered : Conversion {
  Content content;
  std::vector<Estimate> estimates;
};
Rendered render(const Content& content, transport::ContentForm form, const ContentBehaviour& behaviour,
                const ReferenceTimes& times, std::string_view boundary);

// As the message that a MAPI client sees; an envelope is looked into.
FromMime open_content(const Content& content, const ContentBehaviour& behaviour, const ReferenceTimes& times);

// Over X.400: into the envelope's octets, and out of them as the item that a store makes of what has come, whose class
// is that of the message inside with "ENVELOPE." in front [inferred from KB843242].
std::string to_x400(const Content& content, X400Message envelope, const ContentBehaviour& behaviour,
                    const ReferenceTimes& times);
struct FromX400 {
  std::shared_ptr<const Content> content;  // null: what has come cannot be read
  X400Message envelope;                    // without its content's octets
  std::string reason;
};
FromX400 from_x400(std::string_view octets, const Content& sent);
// What is in the envelope, as it was.
std::shared_ptr<const Content> unwrap(const Content& content);

// Opening for a virus scan: by what the class promises, and whether that is there.
struct ForScan {
  bool readable = true;
  ErrorCode code{};
  Layout layout = Layout::none;  // that the class promises
  Structure structure = Structure::plain;
  Blame blame{};
};
ForScan open_for_scan(const Content& content, const ContentBehaviour& behaviour);

// The class under which a store knows it.
std::string message_class(const Content& content);

}  // namespace deadletter::content
