/* sweep -- what runs that were killed left beside a report. */
#pragma once

#include <stdbool.h>

/* Removes every ".NAME.XXXXXX" in the folder that no run holds a lock on: each
 * run locks its own (sweep_hold()).  What cannot be looked at stays. */
void sweep(int dir, const char *name);
/* Locks a temporary file that was just made; false when another run swept it
 * away in that moment. */
bool sweep_hold(int fd);
