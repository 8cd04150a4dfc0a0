#include "look.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#ifndef TLSFLEET_RELEASE
/* Each allocation of ours is refused once: the record must say that it is not
 * to be believed. */
Test(memory, a_refused_allocation_spoils_the_record)
{
    struct identity leaf = identity_make(
        &(struct cert_spec){
            .cn = "leaf",
            .names = &(struct cert_name){ GEN_DNS, "leaf.example", 0 },
            .nnames = 1 },
        NULL);
    struct tls_peer p = { .identity = &leaf };
    struct record *r = look_at_peer(&p, NULL);
    long n = 0;

    do {
        record_clear(r);
        mem_forget();
        fault_arm(++n);
        inspect_connection(&p.conn, &usual_ask, r);
        cr_expect_eq(r->incomplete, mem_refused(), "allocation %ld", n);
    } while (fault_seen() >= n);
    fault_arm(-1);
    cr_expect_gt(n, 30);
    cr_expect(!r->incomplete, "the last run had no fault");
    record_free(r);
    tls_peer_stop(&p);
    identity_release(&leaf);
}

Test(memory, a_block_that_could_not_be_written_is_marked)
{
    struct identity leaf =
        identity_make(&(struct cert_spec){ .cn = "leaf" }, NULL);
    struct tls_peer p = { .identity = &leaf };
    struct record *r = look_at_peer(&p, NULL);
    struct buf out;

    buf_init(&out, 256 * 1024);
    fault_arm(1);
    inspect_block(&p.conn, &usual_ask, &out);
    fault_arm(-1);
    cr_expect(!buf_ok(&out));
    buf_release(&out);
    mem_forget();
    record_free(r);
    tls_peer_stop(&p);
    identity_release(&leaf);
}
#endif
