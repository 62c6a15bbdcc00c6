#include "models/mail/record.h"

namespace deadletter::mail {
namespace {

constexpr WhatInfo kVocabulary[] = {
    {What::submit, "submit", "a message enters the transport of its first server"},
    {What::categorize, "categorize", "a recipient is found local, remote, unknown or ambiguous"},
    {What::enqueue, "enqueue", "a message is put into the queue for a next hop"},
    {What::connect, "connect", "a session to a host is being opened"},
    {What::connected, "connected", "the connection stands"},
    {What::connect_failed, "connect-failed", "the connection was refused or reset"},
    {What::command, "command", "a client sends a command"},
    {What::body, "body", "a client begins to send the content of a message"},
    {What::body_arrived, "body-arrived", "the content and the final dot have come to the server"},
    {What::reply, "reply", "octets of a reply come to the client, one segment a record"},
    {What::timeout, "timeout", "a client's or server's timer is over"},
    {What::closed, "closed", "a session is over"},
    {What::attempt, "attempt", "the client's own view of how an attempt ended"},
    {What::ruling, "ruling", "an article changed a decision in this attempt"},
    {What::defer, "defer", "a message waits for its next attempt"},
    {What::queue_retry, "queue-retry", "a queue in Retry tries its host again"},
    {What::hand_over, "hand-over",
     "a recipient's mail has been handed to the next host, which is responsible from now on"},
    {What::deliver, "deliver", "a copy is put into a recipient's mailbox"},
    {What::discard, "discard", "a server that accepted a message throws it away"},
    {What::return_to_sender, "return", "a recipient is given up; its mail goes back to the sender"},
    {What::delay_notice, "delay-notice", "the sender is told that a recipient is still being tried"},
    {What::report, "report", "a report is made and submitted"},
    {What::badmail, "badmail", "a message that causes no report is put aside"},
    {What::link, "link", "a link goes down or comes up"},
    {What::chance, "chance", "a chance came true"},
    {What::fate, "fate", "a recipient has come to its end"},
    {What::relay, "relay", "a server takes in mail that is for somewhere else"},
    {What::route, "route", "mail has no next hop at the moment, or gets another one"},
    {What::link_state, "link-state", "a server finds, or is told, that a connector's link is down or up"},
    {What::host, "host", "a host goes down or comes up"},
    {What::convert, "convert", "content is converted for where it goes, or cannot be"},
    {What::scan, "scan", "a scanner begins with an item, or is done with it"},
    {What::log, "log", "a service writes an event into the application log"},
    {What::read, "read", "a client takes what has come into its mailbox"},
    {What::fetch, "fetch", "an IMAP client reads a folder"},
    {What::expand, "expand", "a list is opened: its members become recipients"},
    {What::post, "post", "a store decides whether a sender may put something into a public folder"},
    {What::types, "types", "a store makes its list of address types, or a client fetches it"},
    {What::client, "client", "a client starts, stops, is cut off, sends from its Outbox or fetches what has come"},
    {What::change, "change", "something is installed, or a service stops or starts"},
};

}  // namespace

std::span<const WhatInfo> vocabulary() { return kVocabulary; }

const char* text(What what) { return kVocabulary[static_cast<std::size_t>(what)].name; }

}  // namespace deadletter::mail
