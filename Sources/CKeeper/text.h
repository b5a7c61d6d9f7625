#pragma once
#include <stdint.h>

/* Appends text; where it ends. */
char *deploy_keeper_append(char *at, const char *text);
/* Appends a number in decimal digits and a blank; where that ends. */
char *deploy_keeper_append_number(char *at, uint64_t number);
/* The same with a sign. */
char *deploy_keeper_append_signed(char *at, int number);
/* When this process started, in clock ticks since boot: field 22 of /proc/self/stat, proc(5);
   0 when that cannot be read. */
uint64_t deploy_keeper_start_time(void);
