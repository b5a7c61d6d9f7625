#pragma once
#include <sqlite3.h>

/* sqlite3_db_config() takes variable arguments, which Swift cannot call; one wrapper for the
   switches that take an int and give back the new value. */
static inline int deploy_ledger_db_config(sqlite3 *db, int option, int value, int *now) {
    return sqlite3_db_config(db, option, value, now);
}

/* sqlite3_config(), for the same reason; to be called before anything else of the library. */
static inline int deploy_ledger_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
