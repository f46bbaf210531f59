/* SDMX-CSV: what each version, action and status becomes, by maps and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "batch_listed.h"
#include "failing_alloc.h"
#include "intake/sdmx.h"

#include <string.h>

enum { LISTED_BYTES = 1 << 14 };

static const zw_sdmx_pair gdp_where[] = {{"UNIT", "MEUR"}, {"ITEM", "B1GQ"}};
static const zw_sdmx_pair use_where[] = {{"UNIT", "MEUR"}, {"ITEM", "P3"}};
static const zw_sdmx_pair jobs_where[] = {{"UNIT_MULT", "3"}};
static const zw_sdmx_pair jobs_totals[] = {{"SEX", "T"}};
static const zw_sdmx_pair jobs_dims[] = {{"NACE", "industry"}, {"SEX", "sex"}};
static const char *const ignored[] = {"FREQ"};
static const zw_sdmx_map at[] = {
    {.measure = "gdp",
     .structure = "ESTAT:NAMA",
     .area = "GEO",
     .where = gdp_where,
     .where_count = 2,
     .ignored = ignored,
     .ignored_count = 1},
    {.measure = "consumption",
     .structure = "ESTAT:NAMA(1.0)",
     .area = "GEO",
     .where = use_where,
     .where_count = 2,
     .ignored = ignored,
     .ignored_count = 1},
    {.measure = "jobs",
     .structure = "NSO:JOBS",
     .where = jobs_where,
     .where_count = 1,
     .dims = jobs_dims,
     .dim_count = 2,
     .totals = jobs_totals,
     .total_count = 1},
};
static const zw_sdmx_maps maps = {at, sizeof at / sizeof at[0]};

#define OWN                                                                                        \
    "STRUCTURE,STRUCTURE_ID,ACTION,MEASURE,AREA,industry,SCOPE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,"  \
    "KNOWN_AT,SOURCE,NOTE,SYNTHETIC\n"
#define OURS "dataflow,ZONEWATCH:FIGURES(1.0),"
#define NAMA "DATAFLOW,FREQ,UNIT,ITEM,GEO,TIME_PERIOD,OBS_VALUE,OBS_STATUS,DECIMALS,COMMENT_OBS\n"
#define V2 "STRUCTURE,STRUCTURE_ID,ACTION,UNIT,ITEM,GEO,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
#define IN "dataflow,ESTAT:NAMA(1.0),"

static void rows_are_figures_or_named(void **state)
{
    static const struct {
        const char *why, *text, *listed;
    } cases[] = {
        {"our own structure",
         OWN OURS
         "I,money,north,ai,2,2022-01,0.1,P,2022-02-10,yearbook,\"a, b: c\",synthetic\n" OURS
         "I,money,,,,2022-Q1,,M,,,,\n",
         "2 money/north {industry=ai} 2 0.10000000000000001P [yearbook|a, b: c] known synthetic\n"
         "3 money/ {}  0- M [|]\n"},
        {"version 1.0, by maps; the comment is the note",
         NAMA "ESTAT:NAMA(1.0),A,MEUR,B1GQ,DE,2022,12.5,A,1,said so\n"
              "ESTAT:NAMA(1.0),A,MEUR,P3,DE,2022,-0,P,1,\n"
              "ESTAT:NAMA(2.0),A,MEUR,B1GQ,FR,2022-S1,7,,1,\n",
         "2 gdp/DE {}  12.5A [|said so]\n3 consumption/DE {}  -0P [|]\n4 gdp/FR {}  7A [|]\n"},
        {"semicolons, labels, and any order",
         "GEO: Place;OBS_VALUE;OBS_STATUS: Status;ITEM: Item;UNIT: Unit;TIME_PERIOD;DATAFLOW\n"
         "DE: Germany, all of it;12.5;P: Provisional;B1GQ: GDP;MEUR: Million;2022;ESTAT:NAMA(1.0): "
         "Accounts\n",
         "2 gdp/DE {}  12.5P [|]\n"},
        {"names beside codes",
         "STRUCTURE;STRUCTURE_ID;STRUCTURE_NAME;ACTION;UNIT;Unit;ITEM;Item of "
         "accounts;GEO;Geo;TIME_PERIOD;OBS_VALUE\n"
         "dataflow;ESTAT:NAMA(1.0);Accounts;I;MEUR;Million;B1GQ;GDP;DE;Germany;2022;1\n",
         "2 gdp/DE {}  1A [|]\n"},
        {"dimensions, no area, and a multiplier that is expected",
         "DATAFLOW,NACE,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nNSO:JOBS,J62,,2022,5,3\n"
         "NSO:JOBS,J62,F,2022,2,3\nNSO:JOBS,J62,F,2023,2,0\n"
         "NSO:JOBS,_T,T,2022,9,3\nNSO:JOBS,T,_T,2022,8,3\n",
         "2 jobs/ {industry=J62}  5A [|]\n3 jobs/ {industry=J62\x1fsex=F}  2A [|]\n"
         "5 jobs/ {}  9A [|]\n6 jobs/ {industry=T}  8A [|]\n"
         "4:6 measure 'jobs' is where UNIT_MULT is '3', got '0'\n"},
        {"a multiplier that is not",
         "DATAFLOW,UNIT,ITEM,GEO,TIME_PERIOD,OBS_VALUE,UNIT_MULT\n"
         "ESTAT:NAMA,MEUR,B1GQ,DE,2022,5,6\nESTAT:NAMA,MEUR,B1GQ,DE,2023,5,0\n",
         "3 gdp/DE {}  5A [|]\n2:7 the value is in units of 1e6: where the measure's unit has that "
         "scale, its sdmx says where = { UNIT_MULT = \"6\" }\n"},
        {"actions: a delete withdraws, others take",
         V2 IN "I,MEUR,B1GQ,DE,2020,1,\n" IN "A,MEUR,B1GQ,DE,2021,2,\n" IN
               "M,MEUR,B1GQ,DE,2022,3,P\n" IN "R,MEUR,B1GQ,DE,2023,4,\n" IN
               "D,MEUR,B1GQ,DE,2024,,\n" IN "D,MEUR,B1GQ,DE,2025,-,-\n",
         "2 gdp/DE {}  1A [|]\n3 gdp/DE {}  2A [|]\n4 gdp/DE {}  3P [|]\n5 gdp/DE {}  4A [|]\n"
         "6 gdp/DE {}  0- M [|]\n7 gdp/DE {}  0- M [|]\n"},
        {"what is no action, or deletes what is no figure",
         V2 IN "X,MEUR,B1GQ,DE,2020,1,\n" IN "D,MEUR,B1GQ,,2020,,\n" IN
               "D,MEUR,B1GQ,DE,2020,,-\n" IN "D,MEUR,B1GQ,DE,,,\n",
         "2:3 expected ACTION I, A, M, R or D, got 'X'\n"
         "3:6 a delete names one figure: expected a code of every dimension\n"
         "4:9 a figure's status cannot be deleted alone\n5:7 expected a period, got nothing\n"},
        {"status codes: those that say how much is known of a value",
         V2 IN "I,MEUR,B1GQ,DE,2015,1,E\n" IN "I,MEUR,B1GQ,DE,2016,1,I\n" IN
               "I,MEUR,B1GQ,DE,2017,1,f\n" IN "I,MEUR,B1GQ,DE,2018,,L\n" IN
               "I,MEUR,B1GQ,DE,2019,,O\n" IN "I,MEUR,B1GQ,DE,2020,NaN,A\n" IN
               "I,MEUR,B1GQ,DE,2021,#N/A,\n" IN "I,MEUR,B1GQ,DE,2022,1,B\n" IN
               "I,MEUR,B1GQ,DE,2023,1,M\n" IN "I,MEUR,B1GQ,DE,2024,,\n" IN
               "I,MEUR,B1GQ,DE,2025,\"1,5\",\n",
         "2 gdp/DE {}  1E [|]\n3 gdp/DE {}  1E [|]\n4 gdp/DE {}  1F [|]\n5 gdp/DE {}  0- M [|]\n"
         "6 gdp/DE {}  0- M [|]\n7 gdp/DE {}  0- M [|]\n8 gdp/DE {}  0- M [|]\n"
         "9:9 expected a status A, P, E or F, I (which is taken as E), or H, L, M, O or Q "
         "(missing), got 'B'\n"
         "10:8 status M withdraws the figure: expected no value, got '1'\n"
         "11:8 expected OBS_VALUE: only with OBS_STATUS M or ACTION D it is empty\n"
         "12:8 expected a plain number in the measure's unit, got '1,5'\n"},
        {"a row that no measure takes, and a structure that nobody knows",
         V2 IN "I,MEUR,P9,DE,2020,1,\n"
               "dataflow,ESTAT:NAMMA(1.0),I,MEUR,B1GQ,DE,2020,1,\n"
               "dataflow,ESTAT:NAMA(2.0),I,EUR,B1GQ,DE,2020,1,\n",
         "2:0 no measure is of this row: none of the 2 of its structure is where its codes are\n"
         "3:2 no measure's sdmx names the structure 'ESTAT:NAMMA(1.0)'; did you mean "
         "'ESTAT:NAMA'?\n"
         "4:4 measure 'gdp' is where UNIT is 'MEUR', got 'EUR'\n"},
        {"one figure twice",
         V2 IN "I,MEUR,B1GQ,DE,2020,1,\n" IN "I,MEUR,B1GQ,DE,2020,1,\n" IN
               "I,MEUR,B1GQ,DE,2020,2,\n",
         "2 gdp/DE {}  1A [|]\n4:0 line 2 gives another value or status for the same figure\n"},
        {"rows too short, or that hold what is no text",
         V2 IN "I\n" IN "I,MEUR,B1GQ,\xFF,2020,1,\n",
         "2:0 expected 9 fields, got 3\n3:6 expected UTF-8 text without NUL bytes\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_buf listed;
        zw_err err = {ZW_OK, ""};
        zw_buf_init(&listed, LISTED_BYTES);
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        if (zw_sdmx_read(zw_text_of(cases[i].text), &maps, batch, &err) != ZW_OK) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        batch_list(batch, &listed);
        if (strcmp(zw_buf_view(&listed), cases[i].listed) != 0) {
            fail_msg("%s:\n%s", cases[i].why, zw_buf_view(&listed));
        }
        zw_buf_fini(&listed);
        zw_batch_destroy(batch);
    }
}

static void headers_that_cannot_be_used_are_refused(void **state)
{
    static const struct {
        const char *why, *text, *says;
    } cases[] = {
        {"nothing", "", "1:1: no header: expected DATAFLOW or STRUCTURE,STRUCTURE_ID,ACTION"},
        {"another CSV", "a,b\n1,2\n", "1:1: expected SDMX-CSV"},
        {"a column of a map is not there",
         "DATAFLOW,UNIT,ITEM,geo,TIME_PERIOD,OBS_VALUE\nESTAT:NAMA,MEUR,B1GQ,DE,2020,1\n",
         "1:1: measure 'gdp' expects a column 'GEO'; there is 'geo'"},
        {"a column of a condition is not there",
         "DATAFLOW,UNIT,GEO,TIME_PERIOD,OBS_VALUE\nESTAT:NAMA,MEUR,DE,2020,1\n",
         "1:1: measure 'gdp' expects a column 'ITEM'"},
        {"what may be a dimension, and nobody says what it is",
         "DATAFLOW,UNIT,ITEM,GEO,SECTOR,TIME_PERIOD,OBS_VALUE\n"
         "ESTAT:NAMA,MEUR,B1GQ,DE,S1,2020,1\n",
         "1:5: measure 'gdp' does not say what 'SECTOR' is: in its sdmx, name it under where, by "
         "or ignore"},
        {"a dimension of our own that is no name",
         "DATAFLOW,MEASURE,AREA,Sector,TIME_PERIOD,OBS_VALUE\nX:Y,m,a,s,2020,1\n",
         "1:4: column 'Sector' has no name of a-z, 0-9 and _"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        zw_status status = zw_sdmx_read(zw_text_of(cases[i].text), &maps, batch, &err);
        if (status != ZW_INVALID || strncmp(err.text, cases[i].says, strlen(cases[i].says)) != 0) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        zw_batch_destroy(batch);
    }
}

static void later_checks_find_the_column(void **state)
{
    (void)state;
    zw_batch *batch = NULL;
    assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
    assert_int_equal(zw_sdmx_read(zw_text_of(V2 IN "I,MEUR,B1GQ,DE,2020,1,\n"), &maps, batch, NULL),
                     ZW_OK);
    assert_int_equal(zw_batch_reject(batch, 0, batch->columns.area, NULL, "no such area"), ZW_OK);
    assert_int_equal(batch->faults.at[0].line, 2);
    assert_int_equal(batch->faults.at[0].column, 6);
    zw_batch_destroy(batch);
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_batch *batch = NULL;
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status =
            zw_sdmx_read(zw_text_of(V2 IN "I,MEUR,B1GQ,DE,2020,1,\n" IN "X,MEUR,B1GQ,DE,2020,1,\n"
                                          "dataflow,A:B,I,MEUR,B1GQ,DE,2020,1,\n"),
                         &maps, batch, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_batch_destroy(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_figures_or_named),
        cmocka_unit_test(headers_that_cannot_be_used_are_refused),
        cmocka_unit_test(later_checks_find_the_column),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
