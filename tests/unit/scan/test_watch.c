#include "../../../src/scan/scan_room.h"

#include <criterion/criterion.h>

Test(watch, the_same_signal_of_the_same_sender_at_once_is_an_echo)
{
    static const struct {
        struct stop_request now;
        bool echo;
    } rows[] = {
        { { SIGTERM, 77, 1000 }, true },  { { SIGTERM, 77, 1499 }, true },
        { { SIGTERM, 77, 1500 }, false }, { { SIGINT, 77, 1000 }, false },
        { { SIGTERM, 78, 1000 }, false }, { { SIGTERM, 0, 1000 }, false },
    };
    const struct stop_request last = { SIGTERM, 77, 1000 };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_expect_eq(watch_is_echo(&last, &rows[i].now), rows[i].echo, "%zu",
                     i);
}

Test(watch, a_terminal_sends_no_echo)
{
    const struct stop_request twice = { SIGINT, 0, 1000 };

    cr_expect_not(watch_is_echo(&twice, &twice));
}

Test(watch, before_the_first_there_is_none)
{
    const struct stop_request none = { 0 }, now = { SIGTERM, 77, 100 };

    cr_expect_not(watch_is_echo(&none, &now));
}
