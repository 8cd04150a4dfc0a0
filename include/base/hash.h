/* hash -- FNV-1a, 64 bits: the same on every machine and in every release, so
 * that shards and journals agree.  Where somebody may choose the bytes, a table
 * must bear that all of them fall together. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* The hash of what "hash" stands for (at first HASH_START) and these bytes
 * after it.  Any thread. */
uint64_t hash_more(uint64_t hash, const void *bytes, size_t len);
