// The published table of conversions: what each property becomes in MIME, and what is lost on the way there and back.
//
// A row with a property is about MAPI -> MIME -> MAPI; one without is about MIME -> MAPI -> MIME. Of two rows for one
// thing the one for fewer objects counts: "signed" is a note whose class holds ".SMIME" and whose only attachment holds
// octets. Texts hold no zero octet, names no quotation mark, and addresses are those of RFC 5321. tests/models/content/
// convert_property_test.cpp holds both directions to this table, remark by remark: a remark is one of a closed list.
#include "models/content/convert.h"

namespace deadletter::content {
namespace {

constexpr const char* kAll = "all";
constexpr const char* kNotes = "note, report";
constexpr const char* kMeetings = "request, response, cancellation, other";
constexpr const char* kInvitations = "request, cancellation, other";
constexpr const char* kByHeader = "note, report, response";
constexpr const char* kSigned = "signed";

constexpr const char* kLost = "lost";
constexpr const char* kTime =
    "whole seconds; zero and what content.variant_time_range does not hold are lost, and fail the conversion where the "
    "property is mandatory";
constexpr const char* kText = "empty text is lost";
constexpr const char* kCalendarText = "CR LF becomes LF; other control octets but TAB are lost; empty text is lost";
constexpr const char* kBusy = "what is not from 0 to 3 becomes 3 (out of office)";

constexpr ConversionRow kOfMessages[] = {
    // ---- classes
    {"class IPM.Note", "Content-Type", "note", ""},
    {"class IPM.Note.SMIME.MultipartSigned", "multipart/signed", kSigned, ""},
    {"class IPM.Note.SMIME", "application/pkcs7-mime", kSigned, ""},
    {"class IPM.Note*, class IPM", "", "note", "becomes IPM.Note"},
    {"class REPORT.*", "", "report", "becomes IPM.Note"},
    {"class IPM.Schedule.Meeting.Request", "METHOD:REQUEST", "request", ""},
    {"class IPM.Schedule.Meeting.Canceled", "METHOD:CANCEL", "cancellation", ""},
    {"class IPM.Schedule.Meeting.Resp.Pos", "METHOD:REPLY, PARTSTAT=ACCEPTED", "response", ""},
    {"class IPM.Schedule.Meeting.Resp.Tent", "METHOD:REPLY, PARTSTAT=TENTATIVE", "response", ""},
    {"class IPM.Schedule.Meeting.Resp.Neg", "METHOD:REPLY, PARTSTAT=DECLINED", "response", ""},
    {"class IPM.Schedule.Meeting.*", "METHOD", "request, response, cancellation",
     "becomes the class above; of other responses IPM.Schedule.Meeting.Resp.Tent"},
    {"class IPM.Appointment", "METHOD:PUBLISH", "other", ""},
    {"class *", "METHOD:PUBLISH", "other",
     "becomes IPM.Appointment; fails without PidLidGlobalObjectId or PidLidAppointmentStartWhole"},

    // ---- the message
    {"PR_SENDER_EMAIL_ADDRESS", "From", kAll, ""},
    {"PR_SENDER_NAME", "From", kAll, "lost without an address, and when it is the address"},
    {"PR_SUBJECT", "Subject", kNotes, kText},
    {"PR_SUBJECT", "Subject, SUMMARY", kMeetings, kCalendarText},
    {"PR_CLIENT_SUBMIT_TIME", "Date", kAll,
     "whole seconds; before 1969 lost; without it, and for what content.variant_time_range does not hold, the time of "
     "submission"},
    {"PR_INTERNET_MESSAGE_ID", "Message-ID", kAll, ""},
    {"PR_IMPORTANCE", "Importance", kNotes, "what is not from 0 to 2 is lost"},
    {"PR_IMPORTANCE", "X-MICROSOFT-CDO-IMPORTANCE", kMeetings, ""},
    {"PR_SENSITIVITY", "Sensitivity", kNotes, "what is not from 1 to 3 is lost"},
    {"PR_BODY", "text/plain", kNotes, "without it, empty text"},
    {"PR_BODY", "text/plain, DESCRIPTION", kMeetings,
     "CR LF becomes LF; other control octets but TAB are lost; without it, empty text"},
    {"PR_BODY", "", kSigned, kLost},
    {"PR_HTML", "text/html", kNotes, ""},
    {"PR_HTML", "", kMeetings, kLost},
    {"PR_HTML", "", kSigned, kLost},
    {"PR_RTF_COMPRESSED", "", kAll, kLost},
    {"PidLidGlobalObjectId", "UID", kMeetings,
     "one without the class id of MS-OXOCAL 2.2.1.27 comes back as a foreign UID; a foreign UID without its dates"},
    {"PidLidAppointmentStartWhole", "DTSTART", kMeetings, kTime},
    {"PidLidAppointmentEndWhole", "DTEND", kMeetings, kTime},
    {"PidLidAppointmentSequence", "SEQUENCE", kMeetings, "without it, and for what is negative, 0"},
    {"PidLidLocation", "LOCATION", kMeetings, kCalendarText},
    {"PidLidOwnerCriticalChange", "X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE", kMeetings, kTime},
    {"PidLidAttendeeCriticalChange", "X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE", kMeetings, kTime},
    {"PidLidAppointmentReplyTime", "X-MICROSOFT-CDO-REPLYTIME", "response", kTime},
    {"PidLidAppointmentReplyTime", "", kInvitations, "lost: comes back as the latest PR_RECIPIENT_TRACKSTATUS_TIME"},
    {"PidLidBusyStatus", "X-MICROSOFT-CDO-BUSYSTATUS", kMeetings, kBusy},
    {"PidLidIntendedBusyStatus", "X-MICROSOFT-CDO-INTENDEDSTATUS", kMeetings, kBusy},
    {"PidLidAppointmentSubType", "X-MICROSOFT-CDO-ALLDAYEVENT", kMeetings, ""},
    {"PidLidAppointmentNotAllowPropose", "X-MICROSOFT-DISALLOW-COUNTER", kMeetings, ""},
    {"any other", "", kAll, kLost},

    // ---- rows of the recipient table: the order is kept among those of one type; meetings keep that of the table
    {"row: PR_SMTP_ADDRESS", "To, Cc", kByHeader, ""},
    {"row: PR_RECIPIENT_TYPE", "To, Cc", kByHeader, "rows that are neither to nor cc are lost; to comes before cc"},
    {"row: PR_SMTP_ADDRESS", "ATTENDEE", kInvitations, ""},
    {"row: PR_RECIPIENT_TYPE", "ATTENDEE;ROLE", kInvitations, "what is not to, bcc too, becomes cc"},
    {"row: PR_DISPLAY_NAME", "To, Cc", kByHeader, "without it, and when it is empty, the address"},
    {"row: PR_DISPLAY_NAME", "ATTENDEE;CN", kInvitations,
     "control octets but TAB and LF are lost; without it, and when it is empty, the address"},
    {"row: PR_RECIPIENT_TRACKSTATUS", "ATTENDEE;PARTSTAT", kInvitations,
     "what is neither tentative, accepted nor declined is lost"},
    {"row: PR_RECIPIENT_TRACKSTATUS_TIME", "X-MICROSOFT-CDO-REPLYTIME", kInvitations,
     "lost: the latest of all rows becomes PidLidAppointmentReplyTime"},
    {"row: any other", "", kAll, kLost},

    // ---- attachments: one with neither octets nor a message is lost; one of type application/ms-tnef becomes
    // the message itself
    {"attachment: PR_ATTACH_DATA_BIN", "octets of the part", kAll, ""},
    {"attachment: PR_ATTACH_LONG_FILENAME", "Content-Type;name", kAll, kText},
    {"attachment: PR_ATTACH_LONG_FILENAME", "", kSigned, "becomes smime.p7m"},
    {"attachment: PR_ATTACH_MIME_TAG", "Content-Type", kAll,
     "without it, for what is no type and for multipart/*, application/octet-stream; in lower case, without "
     "parameters"},
    {"attachment: PR_ATTACH_MIME_TAG", "Content-Type", kSigned, "what Content-Type says of the content"},
    {"attachment: any other", "", kAll, kLost},
    {"embedded: the message", "message/rfc822", kAll,
     "as a message of its class; a signed one as the octets that it is"},
    {"embedded: PR_ATTACH_LONG_FILENAME", "", kAll, "becomes the subject of the message"},
    {"embedded: any other", "", kAll, kLost},
};

constexpr const char* kMadeAnew = "made anew";
constexpr const char* kMailboxes =
    "of several fields the first; encoded words and quotation marks are made anew, comments and groups taken for parts "
    "of addresses";
constexpr const char* kFirstOfSeveral = "the first of several";
constexpr const char* kOutside = "what content.variant_time_range does not hold is lost";

constexpr ConversionRow kOfMime[] = {
    // ---- fields; they come back in the order From To Cc Subject Date Message-ID Importance Sensitivity
    {"", "From", kAll, "the first mailbox; comments and groups are taken for parts of addresses"},
    {"", "To", kAll, kMailboxes},
    {"", "Cc", kAll, kMailboxes},
    {"", "Subject", kAll, "encoded words are made anew, in UTF-8; of several fields the first"},
    {"", "Date", kAll, "the same time in zone +0000; before 1969, and without one, the time of submission"},
    {"", "Message-ID", kAll, kFirstOfSeveral},
    {"", "Importance", kNotes, "low, normal, high in lower case; other words are lost"},
    {"", "Sensitivity", kNotes, "Personal, Private, Company-Confidential; other words, None too, are lost"},
    {"", "MIME-Version", kAll, kMadeAnew},
    {"", "Content-class", kAll, kMadeAnew},
    {"", "Received", kAll, kLost},
    {"", "Bcc, Reply-To, Sender, In-Reply-To, References", kAll, kLost},
    {"", "any other field", kAll, kLost},
    {"", "order of fields", kAll, kMadeAnew},

    // ---- structure
    {"", "multipart/signed, application/pkcs7-mime", kSigned, ""},
    {"", "text/plain", kNotes, "the first; another is an attachment"},
    {"", "text/html", kNotes, "the first; another is an attachment; text/plain stands before it, if only an empty one"},
    {"", "any other leaf", kAll, "its octets and its name; it becomes an attachment"},
    {"", "message/rfc822", kAll,
     "as a message of its own; a clear-signed one loses its octets, an opaque one is no longer sealed"},
    {"", "application/ms-tnef", kAll, "what the stream holds takes the place of the whole message"},
    {"", "structure of multiparts", kAll, "mixed(alternative(text/plain, text/html), attachments)"},
    {"", "boundaries", kAll, kMadeAnew},
    {"", "text before and after the parts", kAll, kLost},
    {"", "Content-Transfer-Encoding", kAll, kMadeAnew},
    {"", "charset", kAll, "utf-8, whatever it was; octets of bodies are as they were"},
    {"", "Content-Type;name", kAll, ""},
    {"", "other parameters of Content-Type", kAll, kLost},
    {"", "Content-Disposition", kAll, "attachment; its filename is lost"},
    {"", "Content-ID, Content-Description, Content-Location", kAll, kLost},

    // ---- calendar objects: the first event of the first VCALENDAR of text/calendar that is no attachment
    {"", "METHOD", kMeetings, "REQUEST, REPLY, CANCEL; others become PUBLISH"},
    {"", "PRODID", kMeetings, "content.calendar_product"},
    {"", "UID", kMeetings, "one in hexadecimal digits that MAPI made comes back in upper case"},
    {"", "DTSTART", kMeetings,
     "UTC: a reading in a zone or none is taken for it, a date for its midnight; without it the way back fails"},
    {"", "DTEND", kMeetings, "UTC: a reading in a zone or none is taken for it, a date for its midnight"},
    {"", "DTSTAMP", kMeetings, "the time of submission"},
    {"", "SUMMARY", kMeetings, "Subject takes its value"},
    {"", "LOCATION", kMeetings, ""},
    {"", "DESCRIPTION", kMeetings, "text/plain takes its value"},
    {"", "SEQUENCE", kMeetings, "from 0 to 2147483647"},
    {"", "STATUS", kMeetings, "CANCELLED makes a cancellation; others are lost"},
    {"", "ORGANIZER", kInvitations, "who stands in From"},
    {"", "ORGANIZER", "response", "the first of To"},
    {"", "ATTENDEE", kInvitations, "address, CN, PARTSTAT; ROLE is REQ- or OPT-PARTICIPANT; RSVP in every request"},
    {"", "ATTENDEE", "response", "who stands in From, with the answer"},
    {"", "ATTENDEE;PARTSTAT=DELEGATED", kInvitations, "NEEDS-ACTION"},
    {"", "X-MICROSOFT-CDO-BUSYSTATUS", kMeetings, ""},
    {"", "X-MICROSOFT-CDO-INTENDEDSTATUS", kMeetings, ""},
    {"", "X-MICROSOFT-CDO-ALLDAYEVENT", kMeetings, ""},
    {"", "X-MICROSOFT-CDO-IMPORTANCE", kMeetings, ""},
    {"", "X-MICROSOFT-CDO-OWNER-CRITICAL-CHANGE", kMeetings, kOutside},
    {"", "X-MICROSOFT-CDO-ATTENDEE-CRITICAL-CHANGE", kMeetings, kOutside},
    {"", "X-MICROSOFT-CDO-REPLYTIME", "response", kOutside},
    {"", "X-MICROSOFT-CDO-REPLYTIME", kInvitations, kLost},
    {"", "X-MICROSOFT-DISALLOW-COUNTER", kMeetings, ""},
    {"", "RRULE, RDATE, EXDATE, RECURRENCE-ID", kMeetings, kLost},
    {"", "VTIMEZONE, VALARM", kMeetings, kLost},
    {"", "any other property", kMeetings, kLost},
};

}  // namespace

const std::vector<ConversionRow>& conversion_table() {
  static const std::vector<ConversionRow> table = [] {
    std::vector<ConversionRow> rows(std::begin(kOfMessages), std::end(kOfMessages));
    rows.insert(rows.end(), std::begin(kOfMime), std::end(kOfMime));
    return rows;
  }();
  return table;
}

}  // namespace deadletter::content
