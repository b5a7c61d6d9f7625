#define _GNU_SOURCE
#include "CKeeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "descriptors.h"
#include "text.h"

extern char **environ;

static const char name[] = "deploy-keeper";

/* What the command may be sent through the wrapper, and so what the keeper witnesses. */
static const int witnessed[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

struct keeper {
    const struct deploy_keeper_plan *plan;
    uint64_t start; /* our own start time */
    int signals;    /* signalfd */
    pid_t command;  /* 0: it was not started */
    int failure;    /* errno of a failed start */
    int has_told;   /* that the command has ended */
};

/* Whether it was taken: a wrapper that is stopped reads nothing. */
static int tell(int socket, int kind, int value, int sender, int code) {
    struct deploy_keeper_message message = {kind, value, sender, code};
    ssize_t count;
    do {
        count = send(socket, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (count == -1 && errno == EINTR);
    return count == sizeof message;
}

/* In the child of vfork(2): writes who it is where the ticket has room for it, so that no command
   is ever executed that nothing names. An errno. */
static int note(const struct keeper *keeper) {
    if (keeper->plan->line < 0) return 0;
    char line[deploy_keeper_line_length];
    memset(line, ' ', sizeof line);
    uint64_t start = deploy_keeper_start_time();
    if (start == 0) return errno ? errno : EIO;
    char *end = deploy_keeper_append(line, "run ");
    end = deploy_keeper_append_number(end, (uint64_t)getppid());
    end = deploy_keeper_append_number(end, keeper->start);
    end = deploy_keeper_append_number(end, (uint64_t)getpid());
    end = deploy_keeper_append_number(end, start);
    deploy_keeper_append_number(end, keeper->plan->pid_namespace);
    line[sizeof line - 1] = '\n';
    size_t done = 0;
    while (done < sizeof line) {
        ssize_t count =
            pwrite(keeper->plan->line, line + done, sizeof line - done, (off_t)done);
        if (count < 0 && errno != EINTR) return errno;
        if (count > 0) done += (size_t)count;
    }
    return 0;
}

/* glibc refuses to change what it keeps two signals for, and leaves these out of full sets. */
struct kernel_action {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
};

static const uint64_t every_signal = ~(uint64_t)0;

static void set_mask(uint64_t mask) {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

static void reset_signals(int ignores_hang_up) {
    struct kernel_action action = {0};
    for (int number = 1; number <= 64; number++) {
        if (number == SIGHUP && ignores_hang_up) continue;
        syscall(SYS_rt_sigaction, number, &action, NULL, sizeof action.mask);
    }
}

/* In the child of vfork(2): an errno. The copies cross exec, the original does not. */
static int lead_output(int output) {
    if (output < 0) return 0;
    for (int number = STDOUT_FILENO; number <= STDERR_FILENO; number++)
        while (dup2(output, number) == -1)
            if (errno != EINTR && errno != EBUSY) return errno;
    return 0;
}

/* In the child of vfork(2): away from the terminal. */
static void step_aside(void) {
    setpgid(0, 0);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) dup2(null, STDIN_FILENO);
}

/* In the child of vfork(2). */
static int execute(const struct keeper *keeper) {
    const struct deploy_keeper_plan *plan = keeper->plan;
    int failure = note(keeper);
    if (failure == 0) failure = lead_output(plan->output);
    if (failure == 0) {
        tell(plan->socket, DEPLOY_KEEPER_STARTED, getpid(), 0, 0);
        if (plan->inherited >= 0) fcntl(plan->inherited, F_SETFD, 0);
        reset_signals(plan->ignores_hang_up);
        if (plan->is_apart) step_aside();
        set_mask(0);
        execvpe(plan->arguments[0], plan->arguments, plan->environment);
        failure = errno;
    }
    tell(plan->socket, DEPLOY_KEEPER_FAILED, failure, 0, 0);
    return failure;
}

/* Reports the signals that have come. */
static void report(const struct keeper *keeper) {
    struct signalfd_siginfo info;
    while (read(keeper->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGCHLD) continue;
        tell(keeper->plan->socket, DEPLOY_KEEPER_SIGNAL, (int)info.ssi_signo, (int)info.ssi_pid,
             info.ssi_code);
    }
}

/* The moment in which the command's process comes into being, for the handler of signals. */
static struct {
    const struct keeper *keeper;
    pid_t pid; /* the keeper's */
    volatile sig_atomic_t has_child;
} birth;

/* Takes a signal that comes around that moment. One that came before is passed over: the command
   has not had it, and the wrapper sends it. */
static void receive(int number, siginfo_t *info, void *context) {
    int saved = errno;
    if (getpid() != birth.pid) {
        // The child, before its first step: the signal waits, like all others from now on, until
        // the command's mask is set. The kernel's set is shorter than that of the C library.
        birth.has_child = 1;
        memset(&((ucontext_t *)context)->uc_sigmask, 0xff, sizeof(uint64_t));
        kill(getpid(), number);
    } else if (birth.has_child) {
        tell(birth.keeper->plan->socket, DEPLOY_KEEPER_SIGNAL, number, info->si_pid,
             info->si_code);
    }
    errno = saved;
}

/* Opens the moment: with a handler and not blocked, every signal for the group is either handled
   before there is a child, because vfork(2) begins anew, or comes to the child as well. What is
   only blocked could come in between, unseen. */
static void open_for_signals(const struct keeper *keeper) {
    birth.keeper = keeper;
    birth.pid = getpid();
    struct sigaction action = {.sa_sigaction = receive, .sa_flags = SA_SIGINFO};
    sigfillset(&action.sa_mask);
    uint64_t mask = every_signal;
    for (size_t index = 0; index < sizeof witnessed / sizeof *witnessed; index++) {
        if (witnessed[index] == SIGHUP && keeper->plan->ignores_hang_up) continue;
        sigaction(witnessed[index], &action, NULL);
        mask &= ~((uint64_t)1 << (witnessed[index] - 1));
    }
    set_mask(mask);
}

static void start(struct keeper *keeper) {
    // Set by the child in our memory: vfork(2) shares it until the child has executed.
    volatile int failure = 0;
    open_for_signals(keeper);
    pid_t child = vfork();
    if (child == 0) {
        set_mask(every_signal);
        birth.has_child = 1;
        failure = execute(keeper);
        _exit(127);
    }
    set_mask(every_signal);
    if (child < 0) {
        keeper->failure = errno;
        tell(keeper->plan->socket, DEPLOY_KEEPER_FAILED, keeper->failure, 0, 0);
    } else if (failure) {
        while (waitpid(child, NULL, 0) == -1 && errno == EINTR) {}
        keeper->failure = failure;
    } else {
        keeper->command = child;
    }
}

/* Looks whether the command has ended and leaves it as a zombie, so that its pid stays its own.
   What it left behind is ours to reap meanwhile. */
static int has_ended(struct keeper *keeper, int *status) {
    siginfo_t info;
    if (keeper->command == 0) return 0;
    memset(&info, 0, sizeof info);
    if (waitid(P_PID, (id_t)keeper->command, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == keeper->command) {
        *status = info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8
                  : info.si_status | (info.si_code == CLD_DUMPED ? 0x80 : 0);
        return 1;
    }
    for (;;) {
        memset(&info, 0, sizeof info);
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0 ||
            info.si_pid == keeper->command)
            return 0;
        waitpid(info.si_pid, NULL, WNOHANG);
    }
}

/* Waits for a signal or the wrapper; what poll(2) says of that. */
static short wait_for_news(struct keeper *keeper, int wants_room) {
    struct pollfd files[] = {
        {keeper->signals, POLLIN, 0},
        {keeper->plan->socket, POLLIN | (wants_room ? POLLOUT : 0), 0}};
    return poll(files, 2, -1) == -1 ? 0 : files[1].revents;
}

/* The wrapper is gone: this process becomes the program that it was, still the command's parent. */
static void succeed(struct keeper *keeper) {
    const struct deploy_keeper_plan *plan = keeper->plan;
    int command = keeper->command ? keeper->command : -keeper->failure;
    deploy_keeper_append_signed(plan->successor[1], command)[-1] = '\0';
    if (plan->inherited >= 0) fcntl(plan->inherited, F_SETFD, 0);
    if (plan->ticket >= 0) fcntl(plan->ticket, F_SETFD, 0);
    syscall(SYS_execveat, plan->image, "", plan->successor, environ, AT_EMPTY_PATH);
    if (plan->inherited >= 0) fcntl(plan->inherited, F_SETFD, FD_CLOEXEC);
    deploy_keeper_outlive(command, plan->ticket, plan->inherited);
    _exit(0);
}

static void keep(struct keeper *keeper) {
    int wants_room = 0;
    for (;;) {
        int status = 0;
        short wrapper = wait_for_news(keeper, wants_room);
        report(keeper);
        if (!keeper->has_told && has_ended(keeper, &status)) {
            keeper->has_told = tell(keeper->plan->socket, DEPLOY_KEEPER_ENDED, status, 0, 0);
            wants_room = !keeper->has_told;
        }
        if (!(wrapper & (POLLIN | POLLHUP | POLLERR))) continue;
        struct deploy_keeper_message message;
        ssize_t count = recv(keeper->plan->socket, &message, sizeof message, MSG_DONTWAIT);
        // Only the end of the other side is a loss: two must never finish one deployment.
        if (count == 0) succeed(keeper);
        if (count != sizeof message) continue;
        if (message.kind == DEPLOY_KEEPER_QUESTION) {
            report(keeper);
            tell(keeper->plan->socket, DEPLOY_KEEPER_ANSWER, message.value, 0, 0);
        } else if (message.kind == DEPLOY_KEEPER_DONE) {
            // Reaped here, so that its processor time is ours and then the wrapper's.
            if (keeper->command) waitpid(keeper->command, NULL, WNOHANG);
            _exit(0);
        }
    }
}

void deploy_keeper_rename(char *title, size_t length) {
    prctl(PR_SET_NAME, name);
    if (length < sizeof name) return;
    memset(title, 0, length);
    memcpy(title, name, sizeof name);
}

static void run(const struct deploy_keeper_plan *plan) {
    struct keeper keeper = {.plan = plan};
    deploy_keeper_rename(plan->title, plan->title_length);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    keeper.start = deploy_keeper_start_time();
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (size_t index = 0; index < sizeof witnessed / sizeof *witnessed; index++)
        sigaddset(&set, witnessed[index]);
    keeper.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (keeper.signals < 0) {
        tell(plan->socket, DEPLOY_KEEPER_FAILED, errno, 0, 0);
        _exit(1);
    }
    start(&keeper);
    int needed[] = {plan->inherited, plan->ticket, plan->image, plan->socket, keeper.signals};
    deploy_keeper_close_all_but(needed, sizeof needed / sizeof *needed);
    keep(&keeper);
}

int deploy_keeper_start(const struct deploy_keeper_plan *plan) {
    // Should the keeper be killed, the command becomes the wrapper's to wait for.
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    uint64_t before;
    // No moment in which a signal could end the keeper alone.
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &every_signal, &before, sizeof before);
    // Without the handlers of pthread_atfork(3), which may wait for other threads.
    pid_t pid = _Fork();
    if (pid == 0) run(plan);
    int failure = errno;
    set_mask(before);
    return pid < 0 ? -failure : pid;
}
