#pragma once
#include <stddef.h>
#include <stdint.h>

/* The keeper: a small process that is the parent of a deployment's command, shares the wrapper's
   open lock and ticket, and outlives a wrapper that is killed.

   It is forked from a process with threads, so all it does is system calls (signal-safety(7)). */

/* What a keeper and its wrapper tell each other, one message per packet. */
enum deploy_keeper_kind {
    /* The command's process exists and is about to execute: value is its pid. */
    DEPLOY_KEEPER_STARTED = 1,
    /* It could not be executed: value is errno. */
    DEPLOY_KEEPER_FAILED = 2,
    /* The keeper got a signal: value is its number, sender and code as in signalfd(2). */
    DEPLOY_KEEPER_SIGNAL = 3,
    /* The command has ended and was not reaped: value is a status as waitpid(2) gives it. */
    DEPLOY_KEEPER_ENDED = 4,
    /* Every signal the keeper had got when it was asked has been reported. */
    DEPLOY_KEEPER_ANSWER = 5,
    /* From the wrapper: report what signals you have. */
    DEPLOY_KEEPER_QUESTION = 6,
    /* From the wrapper: everything is done, go. */
    DEPLOY_KEEPER_DONE = 7,
};

struct deploy_keeper_message {
    int32_t kind;
    int32_t value;
    int32_t sender;
    int32_t code;
};

/* Length in bytes of the line reserved in a ticket, its line feed included. */
enum { deploy_keeper_line_length = 128 };

struct deploy_keeper_plan {
    /* The command and its environment, null-terminated. */
    char *const *arguments;
    char *const *environment;
    /* The descriptor that the command inherits, close-on-exec everywhere else; -1 for none. */
    int inherited;
    /* Held open until the end: the ticket, or -1. */
    int ticket;
    /* The ticket opened without O_APPEND, for the reserved line at its beginning; -1 for none. */
    int line;
    /* Where the command writes its standard output and standard error, above those; -1 leaves them
       as they are. The keeper closes it once the command is there. */
    int output;
    /* An O_PATH descriptor of the program that is executed when the wrapper is lost. */
    int image;
    /* The keeper's end of a SOCK_SEQPACKET pair. */
    int socket;
    /* Its arguments then, null-terminated; the second one gives way to the command's pid, or to
       minus the errno of a failed start. It has room for that. */
    char **successor;
    /* Whether the command gets a process group of its own and nothing to read, as a check or a
       rollback does: the terminal must not end it. */
    int is_apart;
    /* Whether a hang-up stays ignored by the command, as nohup(1) arranges. */
    int ignores_hang_up;
    /* The inode of the pid namespace. */
    uint64_t pid_namespace;
    /* The memory of our own command line, which gives way to the keeper's name. */
    char *title;
    size_t title_length;
};

/* Forks the keeper, which starts the command; its pid, or minus an errno. */
int deploy_keeper_start(const struct deploy_keeper_plan *plan);

/* The last resort of a keeper whose wrapper is gone and that cannot do the rest as the program:
   waits for the command and for what runs inside the deployment, leaves how the command ended in
   the ticket, for the next deployment to read, and lets go.

   The command is its pid or minus the errno of a failed start, the ticket -1 for a deployment that
   runs inside another one; inherited is the lock or, then, the mark on the other one's ticket. */
void deploy_keeper_outlive(int command, int ticket, int inherited);

/* Gives this process the name of a keeper. */
void deploy_keeper_rename(char *title, size_t length);
