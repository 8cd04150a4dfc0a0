/* gate -- where what a test has begun on other threads stands until it may go
 * on. */
#pragma once

/* Does not come back before the gate is opened. */
void gate_stand(void);
/* For all, and for good. */
void gate_open(void);
/* Comes back once so many have come to the gate, since the test began. */
void gate_await(unsigned count);
