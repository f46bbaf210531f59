/* The program: hands its words to the verbs, and answers with their exit code. */
#include "app/verbs.h"

int main(int argc, char **argv)
{
    zw_io io = {stdout, stderr};
    return zw_verbs_run(argc, argv, &io);
}
