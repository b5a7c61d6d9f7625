#pragma once

/* Leads the standard streams to /dev/null and closes every other descriptor but those `needed`,
   of which some may be -1. */
void deploy_keeper_close_all_but(const int *needed, int count);
