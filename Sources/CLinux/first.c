/* What has to happen before anything else of the process, Swift's runtime included.

   In .preinit_array and no constructor: those of the shared libraries, of which the runtime is one
   in a dynamic build, run before all constructors of the executable. glibc passes argc, argv and
   envp, static or not. */
#define _GNU_SOURCE /* strerrorname_np(3), in glibc since 2.32 */
#include <errno.h>
#include <nss.h>
#include <string.h>
#include <unistd.h>

static int arguments_count;
static char **arguments;

int deploy_ledger_argc(void) { return arguments_count; }
char **deploy_ledger_argv(void) { return arguments; }

static void say(const char *text) {
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

/* The runtime aborts where it cannot find the path of the program, and nothing here works without
   /proc: who is dead is read there. */
static void require_proc(const char *name) {
    char byte;
    if (readlink("/proc/self/exe", &byte, 1) != -1) return;
    int code = errno;
    const char *slash = name ? strrchr(name, '/') : NULL;
    say(slash ? slash + 1 : name && *name ? name : "deploy-ledger");
    if (access("/proc/self", F_OK) != 0) {
        say(": /proc is not mounted; deploy-ledger requires it\n");
    } else {
        say(": /proc/self/exe cannot be read (");
        say(strerrorname_np(code) ? strerrorname_np(code) : "unknown error");
        say("); deploy-ledger requires it\n");
    }
    _exit(71); /* EX_OSERR, sysexits.h */
}

/* glibc would load modules such as libnss_systemd.so into a static program, which then crashes. No
   code of ours asks NSS for anything, but libraries might. */
static void look_up_in_files_only(void) {
    static const char *const databases[] = {"passwd", "group", "initgroups", "hosts", "services"};
    for (size_t i = 0; i < sizeof databases / sizeof *databases; i++)
        __nss_configure_lookup(databases[i], "files");
}

static void begin(int argc, char **argv, char **envp) {
    (void)envp;
    arguments_count = argc;
    arguments = argv;
    require_proc(argc > 0 ? argv[0] : NULL);
    look_up_in_files_only();
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(
    int, char **, char **) = begin;
