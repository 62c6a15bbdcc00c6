// What a user reads in a non-delivery report: Outlook makes it from the report's properties, whoever made the report.
//
//   Your message did not reach some or all of the intended recipients.
//
//         Subject:  Offer
//         Sent:     8/20/2008 11:44 AM
//
//   The following recipient(s) could not be reached:
//
//         bob@fabrikam.com on 8/20/2008 11:34 PM
//               Could not deliver the message in the time limit specified. Please retry or contact your administrator.
//               <ex1.contoso.com #4.4.7>
//
// The trailer is the reporting server's, with the status, and a peer's words behind it ("#5.5.0 smtp;552 …"); a report
// of a message transfer agent has the MTS identifier and MSEXCH:MSExchangeMTA:<site>:<server> instead; the client's own
// report, which no host makes, has none. Sentences by status: articles 938650, 870585, 955778, 843242, 284204; see
// facts in the .cpp.
#pragma once
#include <string>
#include <string_view>

#include "models/mail/report.h"
#include "models/transport/behaviour.h"

namespace deadletter::client {

// "None of your e-mail accounts could send to this recipient." (KB955778)
extern const std::string_view kNoAccountCouldSend;

// Lines end in '\n'. Dates in UTC. `report` is a failure or a delay notice.
std::string report_view(const mail::Report& report, transport::ReportShape shape);

}  // namespace deadletter::client
