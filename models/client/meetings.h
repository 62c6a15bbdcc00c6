// Meetings as a client keeps and sends them: the organizer's and the attendees' calendar items, requests, updates,
// cancellations and responses (IPM.Schedule.Meeting.*, MS-OXOCAL), and the tracking table.
//
// Plain functions on messages: a calendar item is a message of class IPM.Appointment whose recipient table is the
// tracking table. What is sent is made from it, so that what one response wrote into a row is what a later update
// carries.
//
// NOT MODELLED: series and their exceptions, counter proposals, delegates, resources that answer by themselves.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/client/behaviour.h"
#include "models/content/lineage.h"
#include "models/content/message.h"

namespace deadletter::client {

using content::Message;
using content::TrackStatus;

struct MeetingDraft {
  std::string organizer, organizer_name;
  std::vector<std::string> attendees;
  std::string subject, location, text;
  FileTime start, end;
  std::string key;  // unique in the run: makes the object's id
};
// A new meeting in the organizer's calendar, not yet sent.
Message new_meeting(const MeetingDraft& draft, FileTime now);

// The organizer changes the time; the sequence goes up (RFC 5546 2.1.4).
void change_time(Message& item, FileTime start, FileTime end, FileTime now);

// What is sent about a meeting. Rows of the item, with all that was written into them, go along.
Message request(const Message& item, FileTime now);
Message cancellation(Message& item, FileTime now);

// An attendee's calendar item, from a request that has come; responding to it answers the organizer.
Message take_request(const Message& request);
Message response(Message& item, const std::string& attendee, const std::string& name, TrackStatus answer, FileTime now);
// An update or cancellation that has come to an attendee. False when it is about an older state than the item's.
bool take_update(Message& item, const Message& update);

// The organizer's client takes a response into the tracking table.
struct Taken {
  bool known = false;  // the responder is an attendee
  content::Lineage lineage;
  Blame blame;
};
Taken take_response(Message& item, const Message& response, FileTime received, const ClientBehaviour& behaviour);

// What the organizer reads above a response: "" when there is nothing to say.
struct Shown {
  std::string text;
  Blame blame;
};
Shown response_shown(const Message& item, const Message& response, FileTime received, const ClientBehaviour& behaviour);

// When a response was given, as far as it says.
FileTime time_of_response(const Message& response, FileTime received);

// PidLidGlobalObjectId as a key of calendars.
std::string meeting_key(const Message& message);

}  // namespace deadletter::client
