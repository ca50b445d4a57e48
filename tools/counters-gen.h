/* SPDX-License-Identifier: GPL-2.0 */
/* Made from include/nat64.yaml by include/regen; do not edit. */
COUNTER(NAT64_A_COUNTER_TCP_64_PACKETS, "tcp-64-packets",
	"TCP packets translated from IPv6 to IPv4.")
COUNTER(NAT64_A_COUNTER_TCP_64_BYTES, "tcp-64-bytes",
	"Bytes of TCP packets translated from IPv6 to IPv4, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_UDP_64_PACKETS, "udp-64-packets",
	"UDP and UDP-Lite packets translated from IPv6 to IPv4.")
COUNTER(NAT64_A_COUNTER_UDP_64_BYTES, "udp-64-bytes",
	"Bytes of UDP and UDP-Lite packets translated from IPv6 to IPv4, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_ICMP_64_PACKETS, "icmp-64-packets",
	"ICMP and ICMPv6 packets translated from IPv6 to IPv4.")
COUNTER(NAT64_A_COUNTER_ICMP_64_BYTES, "icmp-64-bytes",
	"Bytes of ICMP and ICMPv6 packets translated from IPv6 to IPv4, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_OTHER_64_PACKETS, "other-64-packets",
	"Packets of other protocols translated from IPv6 to IPv4.")
COUNTER(NAT64_A_COUNTER_OTHER_64_BYTES, "other-64-bytes",
	"Bytes of packets of other protocols translated from IPv6 to IPv4, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_TCP_46_PACKETS, "tcp-46-packets",
	"TCP packets translated from IPv4 to IPv6.")
COUNTER(NAT64_A_COUNTER_TCP_46_BYTES, "tcp-46-bytes",
	"Bytes of TCP packets translated from IPv4 to IPv6, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_UDP_46_PACKETS, "udp-46-packets",
	"UDP and UDP-Lite packets translated from IPv4 to IPv6.")
COUNTER(NAT64_A_COUNTER_UDP_46_BYTES, "udp-46-bytes",
	"Bytes of UDP and UDP-Lite packets translated from IPv4 to IPv6, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_ICMP_46_PACKETS, "icmp-46-packets",
	"ICMP and ICMPv6 packets translated from IPv4 to IPv6.")
COUNTER(NAT64_A_COUNTER_ICMP_46_BYTES, "icmp-46-bytes",
	"Bytes of ICMP and ICMPv6 packets translated from IPv4 to IPv6, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_OTHER_46_PACKETS, "other-46-packets",
	"Packets of other protocols translated from IPv4 to IPv6.")
COUNTER(NAT64_A_COUNTER_OTHER_46_BYTES, "other-46-bytes",
	"Bytes of packets of other protocols translated from IPv4 to IPv6, counted as they arrived, IP header included.")
COUNTER(NAT64_A_COUNTER_LEASES_GIVEN, "leases-given",
	"Leases given from the pool.")
COUNTER(NAT64_A_COUNTER_LEASES_EXPIRED, "leases-expired",
	"Leases that ended because their host was idle for max-idle.")
COUNTER(NAT64_A_COUNTER_LEASES_DELETED, "leases-deleted",
	"Leases ended by a command or a changed configuration.")
COUNTER(NAT64_A_COUNTER_LEASES_REFUSED, "leases-refused",
	"Requests for a lease that were refused (the drop counters tell why).")
COUNTER(NAT64_A_COUNTER_DROP_NO_MAP, "drop-no-map",
	"The IPv6 source has no map and can have no lease; no pool is configured, or the source is no unicast address.")
COUNTER(NAT64_A_COUNTER_DROP_RECONFIGURING, "drop-reconfiguring",
	"The IPv6 source would get a lease, but a new configuration was just being taken over.")
COUNTER(NAT64_A_COUNTER_DROP_NOT_ALLOWED, "drop-not-allowed",
	"The IPv6 source has no map and the allow list does not let it lease.")
COUNTER(NAT64_A_COUNTER_DROP_POOL_FULL, "drop-pool-full",
	"The IPv6 source has no map and every address of the pool is in use; answered with address unreachable.")
COUNTER(NAT64_A_COUNTER_DROP_POOL_LIMIT, "drop-pool-limit",
	"The IPv6 source has no map and its prefix already holds max-per-prefix leases; answered with address unreachable.")
COUNTER(NAT64_A_COUNTER_DROP_UNMAPPED, "drop-unmapped",
	"The IPv4 destination belongs to the pool but nobody holds it; answered with host unreachable.")
COUNTER(NAT64_A_COUNTER_DROP_NO_PREFIX, "drop-no-prefix",
	"The other side's address can not be translated; there is neither a map for it nor a NAT64 prefix. Answered with no route or packet filtered.")
COUNTER(NAT64_A_COUNTER_DROP_PRIVATE, "drop-private",
	"With the well-known prefix, a destination in private IPv4 space or loopback (RFC 6052 3.1), or a source in private space; set allow-private on to permit it. Answered with administratively prohibited.")
COUNTER(NAT64_A_COUNTER_DROP_MARTIAN, "drop-martian",
	"An IPv4 source or destination that must not appear on a wire; this network, loopback, multicast, reserved or broadcast. IPv6 hosts are answered with administratively prohibited.")
COUNTER(NAT64_A_COUNTER_DROP_RP_FILTER, "drop-rp-filter",
	"Reverse path filtering is on, and the IPv4 source is not reached through the interface the packet came in by.")
COUNTER(NAT64_A_COUNTER_DROP_POLICY, "drop-policy",
	"An IPsec policy forbids to forward the packet.")
COUNTER(NAT64_A_COUNTER_DROP_NO_ROUTE, "drop-no-route",
	"There is no route to the translated destination; answered with no route or network unreachable.")
COUNTER(NAT64_A_COUNTER_DROP_NO_ANCHOR, "drop-no-anchor",
	"The link nat64 is gone or down, so nothing is translated; nat64ctl load (or set prefix) makes it again.")
COUNTER(NAT64_A_COUNTER_DROP_MALFORMED, "drop-malformed",
	"The packet is truncated or its headers contradict each other.")
COUNTER(NAT64_A_COUNTER_DROP_HOP_LIMIT, "drop-hop-limit",
	"The TTL of an IPv4 packet ran out here; answered with time exceeded.")
COUNTER(NAT64_A_COUNTER_DROP_JUMBOGRAM, "drop-jumbogram",
	"The packet, or its translation, does not fit into 65535 bytes; IPv6 hosts are answered with administratively prohibited.")
COUNTER(NAT64_A_COUNTER_DROP_TOO_BIG, "drop-too-big",
	"The packet does not fit the next link and may not be fragmented; answered with packet too big or fragmentation needed.")
COUNTER(NAT64_A_COUNTER_DROP_SOURCE_ROUTE, "drop-source-route",
	"An IPv4 source route option that has not run out; answered with source route failed (RFC 7915 4.1).")
COUNTER(NAT64_A_COUNTER_DROP_SEGMENTS_LEFT, "drop-segments-left",
	"An IPv6 routing header with segments left; answered with parameter problem (RFC 7915 5.1).")
COUNTER(NAT64_A_COUNTER_DROP_EXTENSION_HEADER, "drop-extension-header",
	"IPv6 extension headers that can not be walked to a transport header, or that follow a fragment header (RFC 7915 5.1.1); answered with administratively prohibited.")
COUNTER(NAT64_A_COUNTER_DROP_UDP_NO_CHECKSUM, "drop-udp-no-checksum",
	"A UDP/IPv4 packet without a checksum while udp-zero-checksum is drop; answered with packet filtered.")
COUNTER(NAT64_A_COUNTER_DROP_UDP_FRAGMENT, "drop-udp-fragment",
	"A fragmented UDP/IPv4 packet without a checksum; it can not be computed from a fragment (RFC 7915 4.5). Answered with packet filtered.")
COUNTER(NAT64_A_COUNTER_DROP_ICMP_FRAGMENT, "drop-icmp-fragment",
	"A fragment of an ICMP or ICMPv6 packet; its checksum can not be translated in pieces (RFC 7915 1.2). The first of an ICMP echo is answered with packet filtered.")
COUNTER(NAT64_A_COUNTER_DROP_ICMP_CHECKSUM, "drop-icmp-checksum",
	"An ICMP or ICMPv6 packet whose checksum is wrong.")
COUNTER(NAT64_A_COUNTER_DROP_ICMP_TYPE, "drop-icmp-type",
	"An ICMP or ICMPv6 type or code without a counterpart in the other family, or IGMP (RFC 7915 4.2, 5.2).")
COUNTER(NAT64_A_COUNTER_DROP_ICMP_QUOTE, "drop-icmp-quote",
	"An ICMP error whose quoted packet can not be translated, among them errors about errors.")
COUNTER(NAT64_A_COUNTER_DROP_FRAGMENT, "drop-fragment",
	"A fragment that can not be translated; it cuts the transport header, has an odd length or ends beyond 65535 bytes. Answered with administratively prohibited or packet filtered.")
COUNTER(NAT64_A_COUNTER_DROP_NO_MEMORY, "drop-no-memory",
	"No memory to make the packet writable or larger.")
COUNTER(NAT64_A_COUNTER_DROP_QUEUE_FULL, "drop-queue-full",
	"The receive queue of this CPU was full when the packet was to be handed to the router itself.")
