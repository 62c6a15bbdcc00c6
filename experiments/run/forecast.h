// What a run will cost, said before it begins: memory, disk and processor time, from its plan alone.
//
// Meant to be right within a factor of 2 for memory and disk and of 3 for time, where mail mostly arrives. NOT KNOWN
// beforehand: how much mail will fail, and so how often it is tried again and reported; how far a message goes, of
// which the number of servers is all that is looked at; and how fast the machine is beside the one where the figures
// were measured. A run that is one long failure costs more than what is said here.
#pragma once
#include <cstdint>

#include "experiments/config/plan.h"
#include "experiments/run/record_level.h"

namespace deadletter::experiments {

// What one more of each costs. Measured by tests/bench/calibrate.py, which prints these figures anew; octets, and
// microseconds of one core.
struct Costs {
  // Memory, at the peak of the whole process.
  double program = 48e6, server = 29e3, server_pair = 111, mailbox = 300;
  double planned_mail = 300;            // a message that the plan holds: of a trace, or written down
  double message = 48, recipient = 48;  // as long as the run goes on
  double table_cache = 30e6;            // at level messages and above, once the tables are larger than that
  double message_events = 400;          // at level events, what is remembered for logs
  double waiting = 200;                 // a message in a queue
  // Disk.
  double run_file = 9e3, server_in_run_file = 130;
  double message_row = 57, recipient_row = 60, report_file = 1700;        // at level messages and above
  double message_lines = 1000, hop_lines = 5600, recipient_lines = 1500;  // at level events
  // Time.
  double server_pair_us = 0.9, mailbox_us = 4;
  double message_us = 3, recipient_us = 0.6, hop_dialogue_us = 5, hop_session_us = 5;
  double message_row_us = 1, recipient_row_us = 1, report_file_us = 150;
  double hop_lines_us = 150, recipient_lines_us = 33;
};

struct Forecast {
  std::uint64_t messages = 0, recipients = 0;
  std::uint64_t memory = 0, disk = 0;  // octets
  double cpu_s = 0;                    // of the run itself, without reading files and building the organization
};

Forecast forecast(const Plan& plan, RecordLevel level, const Costs& costs = {});

}  // namespace deadletter::experiments
