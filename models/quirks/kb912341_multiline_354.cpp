// KB912341: E-mail messages that are sent to certain domains are retried until they expire.
//
// CAUSE, as the article has it: the SMTP service of Windows Server 2003 does not handle a multi-line response to DATA,
// the more so when its lines come apart. Read here as [inferred]: for DATA the reply reader takes what has arrived, as
// soon as one line is complete, for the whole reply. With both lines in the buffer that is the whole reply; with a
// delay between them it is the first line, and the last line is still to come when the reply to the dot is due.
// All else follows from what the service does anyway: the late "354" does not fit at the dot, counts as temporary, and
// the message is tried again, although the peer has taken it. One copy an attempt, a delay notice, a 4.4.7 report.
#include "models/quirks/quirk.h"

namespace deadletter::quirks {
namespace {

smtp::ReplyReading take_what_has_arrived(const smtp::ReplyReaderFacts& facts, const smtp::ReplyReading& below) {
  if (facts.command != smtp::Stage::data || facts.lines.empty()) return below;
  for (std::size_t i = 0; i < facts.lines.size(); ++i)
    if (!facts.lines[i].more) return {static_cast<std::uint32_t>(i + 1)};
  return {static_cast<std::uint32_t>(facts.lines.size())};
}

}  // namespace

Quirk kb912341_multiline_354() {
  return {
      .kb = "KB912341",
      .title =
          "E-mail messages that are sent to certain domains are retried until they expire in an Exchange Server "
          "2003 organization or in an Exchange 2000 Server organization",
      .source = "KB912341 revision 3; smtp-clients measurements (no present-day client has the defect)",
      .changes =
          {{.what = "The SMTP client takes what has arrived, once one line is complete, for the whole reply to DATA.",
            .evidence = Evidence::inferred,
            .affects = {"windows-2003-rtm", "windows-2003-sp1"},
            .lay = [](builds::NodeBehaviour& b,
                      Blame kb) { b.smtp_client.reply_reader.deviate(take_what_has_arrived, kb); },
            .remedies = {{.updates = {"KB912341"}, .text = "hotfix KB912341 (Smtpsvc.dll 6.0.3790.2668)"}}}},
      .packages = {{.update = "KB912341",
                    .branch = "windows-2003-sp1",
                    .file = "smtpsvc.dll 6.0.3790.2668",
                    .restarts = {"smtp"}}},
      .workarounds = {"The peer answers DATA on one line."},
  };
}

}  // namespace deadletter::quirks
