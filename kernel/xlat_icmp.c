// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP (RFC 7915 sections 4.2, 4.3, 5.2 and 5.3): tables of types, codes and pointers, the packet
 * that an error quotes, and RFC 4884 extensions behind it.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "xlat.h"

/* Errors are no longer than every host is sure to take (RFC 1812 4.3.2.3, RFC 4443 2.4). */
#define MAX_ERROR4 576
#define MAX_ERROR6 IPV6_MIN_MTU
/* A quoted packet that an extension follows is padded to this at least (RFC 4884 section 3). */
#define MIN_EXTENDED_QUOTE 128

#define ICMP_LEN sizeof(struct icmphdr)

/* What an error becomes: type and code, and how its second word is made. */
struct error {
	u8 type;
	u8 code;
	enum { WORD_ZERO, WORD_MTU, WORD_POINTER } word;
};

#define NONE 0xff

/* RFC 7915 figure 3: pointers into the IPv4 header become pointers into the IPv6 one. */
static const u8 pointer_46[20] = {
	0, 1, 4, 4, NONE, NONE, NONE, NONE, 7, 6, NONE, NONE,
	8, 8, 8, 8, 24, 24, 24, 24,
};

/* RFC 7915 figure 6: and the other way. */
static const u8 pointer_64[40] = {
	0, 1, NONE, NONE, 2, 2, 9, 8,
	12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12,
	16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
};

/* What RFC 1191 section 7 tells to try when a router does not say its MTU. */
static const u16 plateaus[] = { 65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68 };

static bool error_64(u8 type, u8 code, struct error *to)
{
	*to = (struct error){ .type = ICMP_DEST_UNREACH };

	switch (type) {
	case ICMPV6_DEST_UNREACH:
		switch (code) {
		case ICMPV6_NOROUTE:
		case ICMPV6_NOT_NEIGHBOUR:
		case ICMPV6_ADDR_UNREACH:
			to->code = ICMP_HOST_UNREACH;
			return true;
		case ICMPV6_ADM_PROHIBITED:
			to->code = ICMP_HOST_ANO;
			return true;
		case ICMPV6_PORT_UNREACH:
			to->code = ICMP_PORT_UNREACH;
			return true;
		}
		return false;
	case ICMPV6_PKT_TOOBIG:
		to->code = ICMP_FRAG_NEEDED;
		to->word = WORD_MTU;
		return true;
	case ICMPV6_TIME_EXCEED:
		to->type = ICMP_TIME_EXCEEDED;
		to->code = code;
		return true;
	case ICMPV6_PARAMPROB:
		switch (code) {
		case ICMPV6_HDR_FIELD:
			to->type = ICMP_PARAMETERPROB;
			to->word = WORD_POINTER;
			return true;
		case ICMPV6_UNK_NEXTHDR:
			to->code = ICMP_PROT_UNREACH;
			return true;
		}
		return false;
	}
	return false;
}

static bool error_46(u8 type, u8 code, struct error *to)
{
	*to = (struct error){ .type = ICMPV6_DEST_UNREACH };

	switch (type) {
	case ICMP_DEST_UNREACH:
		switch (code) {
		case ICMP_NET_UNREACH:
		case ICMP_HOST_UNREACH:
		case ICMP_SR_FAILED:
		case ICMP_NET_UNKNOWN:
		case ICMP_HOST_UNKNOWN:
		case ICMP_HOST_ISOLATED:
		case ICMP_NET_UNR_TOS:
		case ICMP_HOST_UNR_TOS:
			to->code = ICMPV6_NOROUTE;
			return true;
		case ICMP_PROT_UNREACH:
			to->type = ICMPV6_PARAMPROB;
			to->code = ICMPV6_UNK_NEXTHDR;
			to->word = WORD_POINTER;
			return true;
		case ICMP_PORT_UNREACH:
			to->code = ICMPV6_PORT_UNREACH;
			return true;
		case ICMP_FRAG_NEEDED:
			to->type = ICMPV6_PKT_TOOBIG;
			to->word = WORD_MTU;
			return true;
		case ICMP_NET_ANO:
		case ICMP_HOST_ANO:
		case ICMP_PKT_FILTERED:
		case ICMP_PREC_CUTOFF:
			to->code = ICMPV6_ADM_PROHIBITED;
			return true;
		}
		return false;
	case ICMP_TIME_EXCEEDED:
		to->type = ICMPV6_TIME_EXCEED;
		to->code = code;
		return true;
	case ICMP_PARAMETERPROB:
		if (code != 0 && code != 2)
			return false;
		to->type = ICMPV6_PARAMPROB;
		to->code = ICMPV6_HDR_FIELD;
		to->word = WORD_POINTER;
		return true;
	}
	return false;
}

/* The next hop's MTU may be smaller than what the error says; 0 is not known. */
static u32 mtu_64(const struct nat64_pkt *pkt)
{
	u32 mtu = ntohl(pkt->icmp_info);

	if (pkt->mtu_in)
		mtu = min(mtu, pkt->mtu_in);
	mtu = mtu > 20 ? mtu - 20 : 0;
	if (pkt->mtu_out)
		mtu = min(mtu, pkt->mtu_out);
	return min_t(u32, mtu, U16_MAX);
}

static u32 mtu_46(const struct nat64_pkt *pkt)
{
	u32 mtu = ntohl(pkt->icmp_info) & 0xffff;
	unsigned int i;

	for (i = 0; !mtu && i < ARRAY_SIZE(plateaus); i++)
		if (plateaus[i] < pkt->inner.len)
			mtu = plateaus[i];
	if (pkt->mtu_in)
		mtu = min(mtu, pkt->mtu_in);
	mtu += 20;
	if (pkt->mtu_out)
		mtu = min(mtu, pkt->mtu_out);
	return max_t(u32, mtu, IPV6_MIN_MTU);
}

/* The second word of an error, but for RFC 4884's length. False: nothing that the pointer points
 * to is left after translation.
 */
static bool error_word_64(const struct nat64_pkt *pkt, const struct error *to, __be32 *word)
{
	u32 pointer;

	*word = 0;
	switch (to->word) {
	case WORD_MTU:
		*word = htonl(mtu_64(pkt));
		return true;
	case WORD_POINTER:
		pointer = ntohl(pkt->icmp_info);
		if (pointer >= ARRAY_SIZE(pointer_64) || pointer_64[pointer] == NONE)
			return false;
		*word = htonl((u32)pointer_64[pointer] << 24);
		return true;
	default:
		return true;
	}
}

static bool error_word_46(const struct nat64_pkt *pkt, const struct error *to, __be32 *word)
{
	u32 pointer;

	*word = 0;
	switch (to->word) {
	case WORD_MTU:
		*word = htonl(mtu_46(pkt));
		return true;
	case WORD_POINTER:
		/* Protocol unreachable: the next header field. */
		if (to->code == ICMPV6_UNK_NEXTHDR) {
			*word = htonl(offsetof(struct ipv6hdr, nexthdr));
			return true;
		}
		pointer = ntohl(pkt->icmp_info) >> 24;
		if (pointer >= ARRAY_SIZE(pointer_46) || pointer_46[pointer] == NONE)
			return false;
		*word = htonl(pointer_46[pointer]);
		return true;
	default:
		return true;
	}
}

/* In both families the sum of an echo covers type, code and all that follows; in ICMPv6 a pseudo-
 * header too. For the header of a first fragment quoted in an error the length of the whole is
 * not known.
 */
static void echo(const struct nat64_hdr *hdr, struct icmphdr *icmp, unsigned int room, u8 type,
		 bool to_v4)
{
	__wsum sum = ~csum_unfold(icmp->checksum);
	__wsum pseudo;

	if (room < ICMP_LEN)
		return;
	pseudo = ~csum_unfold(csum_ipv6_magic(&hdr->src6, &hdr->dst6, hdr->len - hdr->l4,
					      IPPROTO_ICMPV6, 0));
	sum = csum_sub(sum, (__force __wsum)htons(icmp->type << 8));
	sum = csum_add(sum, (__force __wsum)htons(type << 8));
	icmp->type = type;
	icmp->checksum = csum_fold(to_v4 ? csum_sub(sum, pseudo) : csum_add(sum, pseudo));
}

/**
 * nat64_icmp_finish - compute a checksum that waits for whoever sends the packet
 * @skb: writable ICMP or ICMPv6 packet; its headers may be elsewhere afterwards
 *
 * Context: packet path.
 * Return: 0 or the drop counter.
 */
unsigned int nat64_icmp_finish(struct sk_buff *skb)
{
	return skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb) ?
		       NAT64_A_COUNTER_DROP_NO_MEMORY : 0;
}

/**
 * nat64_icmp_echo_64 - ICMPv6 echo becomes ICMP echo
 * @hdr: its IPv6 header
 * @l4: ICMPv6 header, writable
 * @room: how many bytes of it are there; with less than 8 nothing is done
 *
 * Context: any, packet path. RFC 7915 section 5.2.
 */
void nat64_icmp_echo_64(const struct nat64_hdr *hdr, u8 *l4, unsigned int room)
{
	struct icmphdr *icmp = (struct icmphdr *)l4;

	echo(hdr, icmp, room, icmp->type == ICMPV6_ECHO_REQUEST ? ICMP_ECHO : ICMP_ECHOREPLY, true);
}

/**
 * nat64_icmp_echo_46 - ICMP echo becomes ICMPv6 echo
 * @hdr: its IPv4 header
 * @l4: ICMP header, writable
 * @room: how many bytes of it are there; with less than 8 nothing is done
 *
 * Context: any, packet path. RFC 7915 section 4.2.
 */
void nat64_icmp_echo_46(const struct nat64_hdr *hdr, u8 *l4, unsigned int room)
{
	struct icmphdr *icmp = (struct icmphdr *)l4;

	echo(hdr, icmp, room, icmp->type == ICMP_ECHO ? ICMPV6_ECHO_REQUEST : ICMPV6_ECHO_REPLY,
	     false);
}

/*
 * Bring the quoted packet and the extension behind it to their new sizes; what lies before the
 * quoted transport header is not touched.
 * @from: offset of the quoted transport header
 * @ext: offset of the extension; the end of the packet if there is none
 * @new_hdr: what its IP header will measure
 * @unit: the quoted packet before an extension is a multiple of this
 * @max: how long the quoted packet and the extension may be together after translation
 *
 * The length of the quoted packet after translation goes to @quote_len if an extension follows.
 */
static unsigned int fit_quote(struct sk_buff *skb, unsigned int from, unsigned int ext,
			      unsigned int new_hdr, unsigned int unit, unsigned int max,
			      unsigned int *quote_len)
{
	unsigned int ext_len = skb->len - ext, have = ext - from, want;
	int grow;

	*quote_len = 0;
	if (ext_len) {
		want = max_t(unsigned int, ALIGN(new_hdr + have, unit), MIN_EXTENDED_QUOTE);
		if (want + ext_len > max)
			want = max > ext_len ? ALIGN_DOWN(max - ext_len, unit) : 0;
		if (want < MIN_EXTENDED_QUOTE) {
			/* An extension that leaves no room is given up. */
			skb_trim(skb, ext);
			ext_len = 0;
		}
	}
	if (!ext_len)
		want = min(new_hdr + have, max);
	else
		*quote_len = want;

	grow = (int)(want - new_hdr) - (int)have;
	if (grow > 0) {
		if (skb_tailroom(skb) < grow && pskb_expand_head(skb, 0, grow, GFP_ATOMIC))
			return NAT64_A_COUNTER_DROP_NO_MEMORY;
		skb_put(skb, grow);
		memmove(skb->data + ext + grow, skb->data + ext, ext_len);
		memset(skb->data + ext, 0, grow);
	} else if (grow < 0) {
		memmove(skb->data + ext + grow, skb->data + ext, ext_len);
		skb_trim(skb, skb->len + grow);
	}
	return 0;
}

/* Where the extension begins, by the length that the error declares; the end if there is none. */
static unsigned int find_extension(const struct sk_buff *skb, unsigned int quote,
				   unsigned int from, unsigned int declared)
{
	unsigned int ext = quote + declared;

	return declared >= MIN_EXTENDED_QUOTE && ext > from && ext < skb->len ? ext : skb->len;
}

/* The transport header of the quoted packet, of which @room bytes are there. */
static void quoted_l4_64(const struct nat64_hdr *inner, u8 *l4, unsigned int room)
{
	if (!nat64_hdr_is_first(inner))
		return;
	if (inner->proto == IPPROTO_ICMPV6)
		nat64_icmp_echo_64(inner, l4, room);
	else
		nat64_l4_update(NULL, inner, l4, room, nat64_l4_diff_64(inner));
}

static void quoted_l4_46(const struct nat64_hdr *inner, u8 *l4, unsigned int room)
{
	if (!nat64_hdr_is_first(inner))
		return;
	if (inner->proto == IPPROTO_ICMP)
		nat64_icmp_echo_46(inner, l4, room);
	else
		nat64_l4_update(NULL, inner, l4, room, nat64_l4_diff_46(inner));
}

/**
 * nat64_icmp_error_64 - an ICMPv6 error becomes an ICMP error
 * @skb: linear, writable; skb->data at the outer IPv6 header. On return the ICMP header lies at
 *	 pkt->outer.l4 and skb->len has changed, the outer header is not yet rewritten.
 * @set: settings
 * @pkt: what is known of it; the addresses of the quoted packet are translated. @outer.l4 changes.
 *
 * Context: packet path. RFC 7915 sections 5.2 and 5.3, RFC 4884.
 * Return: 0 or the drop counter.
 */
unsigned int nat64_icmp_error_64(struct sk_buff *skb, const struct nat64_settings *set,
				 struct nat64_pkt *pkt)
{
	const unsigned int hdrs = sizeof(struct iphdr) + ICMP_LEN;
	struct nat64_hdr *outer = &pkt->outer, *inner = &pkt->inner;
	unsigned int quote = outer->l4 + ICMP_LEN, from = quote + inner->l4;
	unsigned int declared, ext, quote_len, tot_len;
	struct icmphdr *icmp;
	unsigned int drop;
	struct error to;
	struct iphdr *ip;
	__be32 word;

	if (!error_64(pkt->icmp_type, pkt->icmp_code, &to) || !error_word_64(pkt, &to, &word))
		return NAT64_A_COUNTER_DROP_ICMP_TYPE;

	/* RFC 4884 4.4, 4.5: a length in 64-bit words, in two types only. */
	declared = 0;
	if (pkt->icmp_type == ICMPV6_DEST_UNREACH || pkt->icmp_type == ICMPV6_TIME_EXCEED)
		declared = (ntohl(pkt->icmp_info) >> 24) * 8;
	ext = find_extension(skb, quote, from, declared);

	drop = fit_quote(skb, from, ext, sizeof(*ip), 4, MAX_ERROR4 - hdrs, &quote_len);
	if (drop)
		return drop;
	quoted_l4_64(inner, skb->data + from, skb->len - from);

	ip = (struct iphdr *)(skb->data + from - sizeof(*ip));
	/* It may have been longer than IPv4 can tell. */
	tot_len = min_t(unsigned int, inner->len - inner->l4 + sizeof(*ip), IP_MAX_MTU);
	nat64_xlat_write4(ip, inner, set, tot_len, !inner->frag && tot_len > NAT64_DF_ABOVE, 0);
	ip_send_check(ip);

	outer->l4 = from - sizeof(*ip) - ICMP_LEN;
	icmp = (struct icmphdr *)(skb->data + outer->l4);
	icmp->type = to.type;
	icmp->code = to.code;
	icmp->checksum = 0;
	icmp->un.gateway = word | htonl(quote_len / 4 << 16);
	icmp->checksum = ip_compute_csum(icmp, skb->len - outer->l4);
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

/**
 * nat64_icmp_error_46 - an ICMP error becomes an ICMPv6 error
 * @skb: linear, writable, with headroom for both headers; skb->data at the outer IPv4 header. On
 *	 return the ICMPv6 header lies at pkt->outer.l4 and skb->len has changed, the outer header
 *	 is not yet rewritten and skb->data may have moved forward.
 * @set: settings
 * @pkt: what is known of it; the addresses of the quoted packet are translated. @outer.l4 changes.
 *
 * Context: packet path. RFC 7915 sections 4.2 and 4.3, RFC 4884.
 * Return: 0 or the drop counter.
 */
unsigned int nat64_icmp_error_46(struct sk_buff *skb, const struct nat64_settings *set,
				 struct nat64_pkt *pkt)
{
	const unsigned int hdrs = sizeof(struct ipv6hdr) + ICMP_LEN;
	struct nat64_hdr *outer = &pkt->outer, *inner = &pkt->inner;
	unsigned int quote = outer->l4 + ICMP_LEN, from = quote + inner->l4;
	unsigned int inner_frag = inner->frag ? sizeof(struct frag_hdr) : 0;
	unsigned int inner_hdr = sizeof(struct ipv6hdr) + inner_frag;
	unsigned int declared, ext, quote_len;
	struct icmp6hdr *icmp;
	struct ipv6hdr *ip6;
	unsigned int drop;
	struct error to;
	__be32 word;
	u8 *l4;

	if (!error_46(pkt->icmp_type, pkt->icmp_code, &to) || !error_word_46(pkt, &to, &word))
		return NAT64_A_COUNTER_DROP_ICMP_TYPE;

	/* RFC 4884 4.1 to 4.3: a length in 32-bit words. Where the ICMPv6 error has no field for
	 * it, the extension goes.
	 */
	declared = (ntohl(pkt->icmp_info) >> 16 & 0xff) * 4;
	ext = find_extension(skb, quote, from, declared);
	if (to.word != WORD_ZERO)
		skb_trim(skb, ext);

	drop = fit_quote(skb, from, ext, inner_hdr, 8, MAX_ERROR6 - hdrs, &quote_len);
	if (drop)
		return drop;
	quoted_l4_46(inner, skb->data + from, skb->len - from);

	/* From the old outer header to the new ICMPv6 header. */
	l4 = skb->data + from;
	__skb_pull(skb, from);
	__skb_push(skb, ICMP_LEN + inner_hdr);
	ip6 = (struct ipv6hdr *)(l4 - inner_hdr);
	nat64_xlat_write6(ip6, inner, set, inner->len - inner->l4 + inner_hdr - sizeof(*ip6),
			  inner->frag);

	icmp = (struct icmp6hdr *)skb->data;
	icmp->icmp6_type = to.type;
	icmp->icmp6_code = to.code;
	icmp->icmp6_cksum = 0;
	icmp->icmp6_dataun.un_data32[0] = word | htonl(quote_len / 8 << 24);
	icmp->icmp6_cksum = csum_ipv6_magic(&outer->src6, &outer->dst6, skb->len, IPPROTO_ICMPV6,
					    csum_partial(icmp, skb->len, 0));
	skb->ip_summed = CHECKSUM_NONE;
	outer->l4 = 0;
	return 0;
}
