#pragma once
#include <sqlite3.h>

/* sqlite3_db_config() takes variable arguments, which Swift cannot call; one wrapper for the
   switches that take an int and give back the new value. */
static inline int deploy_ledger_db_config(sqlite3 *db, int option, int value, int *now) {
    return sqlite3_db_config(db, option, value, now);
}
