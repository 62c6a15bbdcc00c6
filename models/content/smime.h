// S/MIME (RFC 8551, 2633 in its time) over CMS signatures (RFC 5652). OpenSSL does what it is for.
//
// The test authority and its people are made when they are first asked for. Their keys, and all else that would be
// random, follow from names, content and date by a seeded generator that stands in for OpenSSL's while these functions
// work: equal arguments give equal octets in every run. Such keys protect nothing and are for simulated people only.
//
// RSA of 1024 bits, SHA-256 (where servers of the time wrote SHA-1, which today's programs begin to refuse) and triple
// DES in CBC. Certificates are good from 2000 to 2049.
//
// `inner` is a whole MIME entity, header and body, CRLF line ends. Results are entities too: their fields begin with
// Content-Type, and the caller puts a message's own fields in front. People are known by their addresses: 1 to 128
// printable ASCII characters. Dates are of the years 1950 to 9999.
//
// NOT MODELLED: revocation, signed attributes beyond content type, signing time and digest, and receipts.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadletter::content {

std::string sign_clear(std::string_view inner, const std::string& signer, std::int64_t unix_s);   // multipart/signed
std::string sign_opaque(std::string_view inner, const std::string& signer, std::int64_t unix_s);  // signed-data
std::string encrypt(std::string_view inner, const std::string& recipient);                        // enveloped-data

struct Verified {
  bool valid = false;
  std::string signer;   // the address in the certificate; also when not valid, as far as it can be read
  std::string content;  // the octets that were signed; also when not valid
  std::string reason;   // when it is not valid
};
// Of a whole message or entity whose top level is signed, clear or opaque. The certificate must be the test
// authority's; whether it has run out is not asked. Octets count as they stand: what made LF of CRLF broke it.
Verified verify(std::string_view message);

// Nothing when it is not for that person, or is damaged so that it shows: CBC has no check of its own, and a changed
// octet in the middle of the content gives other octets.
std::optional<std::string> decrypt(std::string_view message, const std::string& recipient);

// The certificate of the authority, PEM: what another program verifies with.
std::string authority_certificate();

}  // namespace deadletter::content
