/* fault -- make the n-th fallible call of a thread fail on purpose.
 *
 * mem_*() and the system calls in net and report ask fault_here() first.  A
 * release build (TLSFLEET_RELEASE) compiles the question to "false".
 */
#pragma once

#include <stdbool.h>

#ifdef TLSFLEET_RELEASE
static inline bool fault_here(void)
{
    return false;
}
#else
/* True when the call about to be made must be treated as failed. */
bool fault_here(void);
/* Arms the calling thread: 0 counts only, n fails its n-th question, once. */
void fault_arm(long nth);
/* Questions asked since fault_arm(). */
long fault_seen(void);
#endif
