// All that one node decides: the behaviours of its components.
//
// A component belongs to a service; its tables are laid when that service starts. So far every mail server has one
// service, SMTP (smtpsvc and its advanced queuing; MSExchangeTransport; a foreign server's daemon).
#pragma once
#include "models/client/behaviour.h"
#include "models/content/behaviour.h"
#include "models/directory/behaviour.h"
#include "models/network/behaviour.h"
#include "models/routing/behaviour.h"
#include "models/scanner/behaviour.h"
#include "models/smtp/behaviour.h"
#include "models/store/behaviour.h"
#include "models/transport/behaviour.h"
#include "models/x400/behaviour.h"

namespace deadletter::builds {

struct NodeBehaviour {
  smtp::ClientBehaviour smtp_client;
  smtp::ServerBehaviour smtp_server;
  transport::QueueBehaviour queue;
  transport::TransportBehaviour transport;
  network::NetworkBehaviour network;
  routing::RoutingBehaviour routing;
  content::ContentBehaviour content;
  directory::DirectoryBehaviour directory;
  store::StoreBehaviour store;
  client::ClientBehaviour client;
  x400::X400Behaviour x400;
  scanner::ScannerBehaviour scanner;

  template <class Self, class Visitor>
  static void each(Self& self, Visitor&& visit) {
    smtp::ClientBehaviour::each(self.smtp_client, visit);
    smtp::ServerBehaviour::each(self.smtp_server, visit);
    transport::QueueBehaviour::each(self.queue, visit);
    transport::TransportBehaviour::each(self.transport, visit);
    network::NetworkBehaviour::each(self.network, visit);
    routing::RoutingBehaviour::each(self.routing, visit);
    content::ContentBehaviour::each(self.content, visit);
    directory::DirectoryBehaviour::each(self.directory, visit);
    store::StoreBehaviour::each(self.store, visit);
    client::ClientBehaviour::each(self.client, visit);
    x400::X400Behaviour::each(self.x400, visit);
    scanner::ScannerBehaviour::each(self.scanner, visit);
  }
};

}  // namespace deadletter::builds
