/* TLSA records without a domain belong to the target's own host. */
#include "run.h"

#include <criterion/criterion.h>
#include <string.h>

static struct run run;

static void begin(void)
{
    run_init(&run);
}

static void end(void)
{
    run_release(&run);
}

TestSuite(dane, .init = begin, .fini = end);

static const char *fed(const char *list)
{
    run_list(&run, "list", list);
    cr_assert(run_open(&run), "%s", buf_string(&run.complaints));
    cr_assert(run_feed(&run), "%s", run.e.msg);
    return buf_string(&run.fed);
}

static const char *refused(const char *list)
{
    run_list(&run, "list", list);
    cr_assert_not(run_open(&run));
    return buf_string(&run.complaints);
}

Test(dane, the_host_of_a_target_is_the_domain)
{
    const char *text = fed("targets:\n- connect: db1.internal:5432\n"
                           "  dane_tlsa_rrdata: ['3 1 1 AB', '3 1 1 CD']\n");

    cr_expect(strstr(text, "-dane_tlsa_domain db1.internal"), "%s", text);
}

Test(dane, each_host_of_a_list_with_records_in_defaults_gets_its_own)
{
    const char *text = fed("defaults:\n  dane_tlsa_rrdata: '3 1 1 AB'\n"
                           "targets:\n- a.test\n- b.test\n");

    cr_expect(strstr(text, "-dane_tlsa_domain a.test"), "%s", text);
    cr_expect(strstr(text, "-dane_tlsa_domain b.test"), "%s", text);
}

Test(dane, a_domain_that_was_said_stays)
{
    const char *text = fed("targets:\n- connect: a.test\n"
                           "  dane_tlsa_domain: other.test\n"
                           "  dane_tlsa_rrdata: '3 1 1 AB'\n");

    cr_expect(strstr(text, "-dane_tlsa_domain other.test"), "%s", text);
    cr_expect_null(strstr(text, "-dane_tlsa_domain a.test"), "%s", text);
}

Test(dane, an_address_has_no_domain)
{
    const char *text = refused("targets:\n- connect: 127.0.0.1:443\n"
                               "  dane_tlsa_rrdata: '3 1 1 AB'\n");

    cr_expect(strstr(text, "needs -dane_tlsa_domain"), "%s", text);
}

Test(dane, a_target_that_sends_no_name_keeps_that_word)
{
    const char *text = refused("defaults:\n  noservername: true\n"
                               "targets:\n- connect: a.test\n"
                               "  dane_tlsa_rrdata: '3 1 1 AB'\n");

    cr_expect(strstr(text, "needs -dane_tlsa_domain"), "%s", text);
}
