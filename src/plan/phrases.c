#include "phrases.h"

#include "base/mem.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ui.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { PHRASE_MIN = 4, PHRASE_MAX = 1023 }; /* bytes, as s_client */

struct typed {
    struct typed *next;
    char *what;
    char text[PHRASE_MAX + 1];
};

struct phrases {
    pthread_mutex_t lock;
    struct typed *first;
    bool ended;
};

static bool has_terminal(void)
{
    const int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

struct phrases *phrases_new(bool asks)
{
    struct phrases *p = mem_new(1, sizeof(*p));

    if (!p)
        return NULL;
    pthread_mutex_init(&p->lock, NULL);
    p->ended = !asks || !has_terminal();
    return p;
}

static void typed_free(struct typed *t)
{
    OPENSSL_cleanse(t->text, sizeof(t->text));
    mem_free(t->what);
    mem_free(t);
}

void phrases_free(struct phrases *p)
{
    if (!p)
        return;
    while (p->first) {
        struct typed *t = p->first;

        p->first = t->next;
        typed_free(t);
    }
    pthread_mutex_destroy(&p->lock);
    mem_free(p);
}

void phrases_end(struct phrases *p)
{
    pthread_mutex_lock(&p->lock);
    p->ended = true;
    pthread_mutex_unlock(&p->lock);
}

/* OpenSSL's own user interface keeps what is typed from being seen, and puts
 * the terminal right again when a signal comes.  It asks again after an answer
 * that is too short. */
static bool ask(const char *what, char *text)
{
    UI *ui = UI_new_method(UI_OpenSSL());
    char *prompt = ui ? UI_construct_prompt(ui, "pass phrase", what) : NULL;
    bool answered =
        prompt
        && UI_add_input_string(ui, prompt, 0, text, PHRASE_MIN, PHRASE_MAX)
               >= 0;

    if (answered) {
        UI_ctrl(ui, UI_CTRL_PRINT_ERRORS, 1, NULL, NULL);
        int result = UI_process(ui);

        while (result == -1 && UI_ctrl(ui, UI_CTRL_IS_REDOABLE, 0, NULL, NULL))
            result = UI_process(ui);
        answered = result == 0;
    }
    OPENSSL_free(prompt);
    UI_free(ui);
    ERR_clear_error();
    return answered;
}

static const struct typed *asked(struct phrases *p, const char *what)
{
    struct typed *t = mem_new(1, sizeof(*t));

    if (!t)
        return NULL;
    t->what = mem_text(what);
    if (!t->what || !ask(what, t->text)) {
        p->ended = true;
        typed_free(t);
        return NULL;
    }
    t->next = p->first;
    p->first = t;
    return t;
}

const char *phrase_of(struct phrases *p, const char *what)
{
    const struct typed *t;

    if (!p)
        return NULL;
    pthread_mutex_lock(&p->lock);
    t = p->first;
    while (t && strcmp(t->what, what) != 0)
        t = t->next;
    if (!t && !p->ended)
        t = asked(p, what);
    pthread_mutex_unlock(&p->lock);
    return t ? t->text : NULL;
}
