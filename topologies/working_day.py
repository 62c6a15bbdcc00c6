"""Writes topologies/working_day.json: an organization of 1,000 servers and 1,000,000 mailboxes half way through its
migration, with what each of the five articles needs.

    python3 topologies/working_day.py >topologies/working_day.json

Twenty sites of fifty servers: thirty of Exchange 2003 SP1 and eighteen of Exchange 2007 SP1 with mailboxes, a hub of
2007, a gateway of 2003 SP2 on Windows Server 2003 SP1. Sites 2 to 5 were left with X.400 connectors by Exchange 5.5;
the others have routing group connectors. Faxes go out at site 2, offers@contoso.com is a public folder at site 1.
"""
import json

SITES, OLD, NEW, MAILBOXES = 20, 30, 18, 1_000_000
NEW_GROUP = "DWBGZMFD01QNBJR"  # the routing group that setup makes for all servers of Exchange 2007
OLD_BUILD, NEW_BUILD = "exchange-2003-sp1 on windows-2003-sp1", "exchange-2007-sp1 on windows-2003-sp2"
GATEWAY_BUILD = "exchange-2003-sp2 on windows-2003-sp1"


def domain(site):
    return ("contoso.com", "emea.contoso.com", "apac.contoso.com")[site % 3]


def server(site, name, build, group, boxes=0, roles=None):
    short = name.lower()
    one = {"name": f"S{site:02}-{name}", "host": f"{short}.s{site:02}.contoso.com", "ad_domain": domain(site),
           "site": f"Site{site:02}", "routing_group": group, "build": build}
    if roles:
        one["roles"] = roles
    if boxes:
        one["mailboxes"] = [f"u{{1..{boxes}}}.s{site:02}-{short}@contoso.com"]
    return one


def servers():
    stores = SITES * (OLD + NEW)
    each, more = divmod(MAILBOXES, stores)
    numbers = iter(range(stores))
    boxes = lambda: each + (next(numbers) < more)
    for site in range(1, SITES + 1):
        group = f"RG{site:02}"
        for i in range(1, OLD + 1):
            yield server(site, f"OLD{i}", OLD_BUILD, group, boxes())
        yield server(site, "GW1", GATEWAY_BUILD, group)
        yield server(site, "HUB1", NEW_BUILD, NEW_GROUP, roles=["hub"])
        for i in range(1, NEW + 1):
            yield server(site, f"NEW{i}", NEW_BUILD, NEW_GROUP, boxes(), ["mailbox"])


def connectors():
    for site in range(2, SITES + 1):
        kind, name = ("x400", "X400") if site <= 5 else ("routing_group", "RGC")
        for one, other in ((1, site), (site, 1)):
            yield {"name": f"{name}-{one:02}-{other:02}", "type": kind, "from": f"RG{one:02}", "to": f"RG{other:02}",
                   "cost": 10, "source_servers": [f"S{one:02}-OLD1"], "target_servers": [f"S{other:02}-OLD1"]}
    for site in range(1, SITES + 1):
        group = f"RG{site:02}"
        yield {"name": f"To-2007-{site:02}", "type": "routing_group", "from": group, "to": NEW_GROUP, "cost": 10,
               "source_servers": [f"S{site:02}-OLD2"], "target_servers": [f"S{site:02}-HUB1"]}
        yield {"name": f"From-2007-{site:02}", "type": "routing_group", "from": NEW_GROUP, "to": group, "cost": 10,
               "source_servers": [f"S{site:02}-HUB1"], "target_servers": [f"S{site:02}-OLD2"]}
        yield {"name": f"Internet-{site:02}", "type": "smtp", "source_servers": [f"S{site:02}-GW1"],
               "address_spaces": ["SMTP:*;1"]}
    yield {"name": "Internet-2007", "type": "send", "source_servers": [f"S{s:02}-HUB1" for s in (1, 2, 3)],
           "address_spaces": ["SMTP:*;10"]}
    yield {"name": "Fax", "type": "send", "scope": "site", "source_servers": ["S02-HUB1"],
           "smart_hosts": ["fax1.gateway.contoso.com"], "address_spaces": ["FAX:*;1"]}


def links(all_servers):
    def link(name, one, other, bandwidth, latency):
        return {"name": name, "between": [one, other], "bandwidth": bandwidth, "latency": latency, "sharing": "shared"}
    for s in all_servers:
        site = s["site"].lower()
        yield link(f"{s['name']}-lan", s["name"], site, "1Gbps", "0.1ms")
    for site in range(2, SITES + 1):
        yield link(f"wan{site:02}", "site01", f"site{site:02}", "622Mbps", f"{5 + 4 * site}ms")
    for site in range(1, SITES + 1):
        yield link(f"internet{site:02}", f"site{site:02}", "internet", "155Mbps", "10ms")
    yield link("fax", "site02", "fax1.gateway.contoso.com", "100Mbps", "0.1ms")
    for i in range(1, 101):
        yield link(f"mx{i}", "internet", f"mx{i}.example.net", "1Gbps", f"{10 + i}ms")


def lines(items):
    return "[\n" + ",\n".join("    " + json.dumps(i) for i in items) + "\n  ]"


def main():
    all_servers = list(servers())
    members = lambda d: [f"u{i}.{s['name'].lower()}@contoso.com" for s in all_servers if s["ad_domain"] == d and
                         "-OLD" in s["name"] for i in range(1, 11)]
    domains = ["contoso.com", "emea.contoso.com", "apac.contoso.com"]
    foreign = [{"domain": f"d{i}.example", "exchangers": [{"host": f"mx{i % 100 + 1}.example.net"}]}
               for i in range(1, 1001)]
    foreign.append({"domain": "gateway.contoso.com", "exchangers": [{"host": "fax1.gateway.contoso.com"}]})
    groups = [{"name": "Remote Desktop Users", "ad_domain": d, "members": members(d)} for d in domains]
    parts = {
        "$schema": '"topology.schema.json"',
        "id": '"working_day"',
        "description": '"An organization of 1,000 servers and 1,000,000 mailboxes, half way from Exchange 2003 to 2007."',
        "servers": lines(all_servers),
        "ad_domains": lines({"name": d, "functional_level": "windows-2003", "windows": "windows-2003",
                             **({} if d == domains[0] else {"parent": domains[0]})} for d in domains),
        "domains": lines([{"name": "contoso.com", "server": "S01-GW1"}]),
        "foreign": lines(foreign),
        "routing_groups": lines([{"name": f"RG{s:02}", "master": f"S{s:02}-OLD1"} for s in range(1, SITES + 1)] +
                                [{"name": NEW_GROUP, "master": "S01-HUB1"}]),
        "sites": lines({"name": f"Site{s:02}", "hub": s == 1} for s in range(1, SITES + 1)),
        "site_links": lines({"name": f"Link{s:02}", "between": ["Site01", f"Site{s:02}"], "cost": 10}
                            for s in range(2, SITES + 1)),
        "connectors": lines(connectors()),
        "directory": "{\n    \"controllers\": " + json.dumps([{"name": f"DC{i}", "ad_domain": d}
                                                              for i, d in enumerate(domains, 1)]) +
                     ",\n    \"groups\": [\n" + ",\n".join("      " + json.dumps(g) for g in groups) + "\n    ]" +
                     ",\n    \"public_folders\": " + json.dumps([{"path": "/Offers", "address": "offers@contoso.com",
                                                                  "replicas": ["S01-OLD3"]}]) + "\n  }",
        "places": json.dumps([f"site{s:02}" for s in range(1, SITES + 1)] + ["internet"]),
        "links": lines(links(all_servers)),
    }
    print("// Written by topologies/working_day.py, which says what is in it.\n{")
    print(",\n".join(f'  "{key}": {text}' for key, text in parts.items()))
    print("}")


main()
