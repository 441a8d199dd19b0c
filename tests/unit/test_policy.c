/* test_policy.c - what matching and triage are told of the configuration. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flow/policy.h"
#include "tests/support/intake_world.h"

static void test_of_a_mailbox(void **state)
{
	struct intake_world *w = *state;
	const uint8_t *key = store_key(w->in.store);
	char reference[REFERENCE_MAX];
	struct policy p;

	policy_init(&p, w->conf, 1, key);
	assert_string_equal(p.mailbox->name, "eir");
	assert_string_equal(p.triage.own_address, "eir@authority.example.org");
	assert_string_equal(policy_domain(&p), "authority.example.org");
	assert_int_equal(p.triage.regime, STATUTE_EIR);
	assert_int_equal(p.triage.acknowledge, ACKNOWLEDGE_HOLD);
	assert_ptr_equal(p.matching.key, key);
	policy_init(&p, w->conf, 0, key);
	assert_int_equal(p.triage.regime, STATUTE_FOIA);
	assert_int_equal(p.triage.acknowledge, ACKNOWLEDGE_SEND);

	assert_int_equal(p.matching.n_templates, POLICY_TEMPLATES_MAX);
	assert_int_equal(reference_format(&p.matching.templates[0], 7,
				 store_fixture_day("2018-05-16"), reference),
		0);
	assert_string_equal(reference, "FOI 000007/18");
	assert_int_equal(reference_format(&p.matching.templates[1], 7,
				 store_fixture_day("2018-05-16"), reference),
		0);
	assert_string_equal(reference, "IR 000007/18");
	assert_int_equal(reference_format(&p.matching.templates[2], 7,
				 store_fixture_day("2018-05-16"), reference),
		0);
	assert_string_equal(reference, "IN 000007/18");
}

static void test_lists(void **state)
{
	struct intake_world *w = *state;
	struct policy p;

	policy_init(&p, w->conf, 0, store_key(w->in.store));
	assert_int_equal(p.triage.colleagues.n, 1);
	assert_string_equal(p.triage.colleagues.entries[0], "authority.example.org");
	assert_int_equal(p.triage.regulators.n, 1);
	assert_string_equal(p.triage.regulators.entries[0], "commissioner.example.org");
	assert_int_equal(p.triage.partners.n, 1);
	assert_string_equal(p.triage.partners.entries[0], "partner.example.org");
	assert_int_equal(p.triage.ignored.n, 1);
	assert_string_equal(p.triage.ignored.entries[0], "alerts@example.com");
	assert_int_equal(p.triage.platforms.n, 1);
	assert_string_equal(p.triage.platforms.entries[0], "asks.example.net");
	assert_int_equal(p.matching.n_wdtk_domains, 1);
	assert_string_equal(p.matching.wdtk_domains[0], "asks.example.net");
	assert_string_equal(p.triage.authserv_id, "");
	assert_int_equal(p.triage.n_forms, 0);
}

static void test_forms(void **state)
{
	struct intake_world *w = *state;
	char name[] = "web";
	char from[] = "web@example.org";
	char authserv[] = "mx.example.org";
	char email[] = "Email";
	char person[] = "Name";
	char text[] = "Question";
	struct config_form forms[2] = { { name, from, authserv, email, person, text },
		{ name, email, from, text, authserv, person } };
	struct config conf = *w->conf;
	struct policy p;

	conf.forms = forms;
	conf.n_forms = 2;
	policy_init(&p, &conf, 0, store_key(w->in.store));
	assert_int_equal(p.triage.n_forms, 2);
	assert_string_equal(p.triage.forms[0].from, "web@example.org");
	assert_string_equal(p.triage.forms[0].authserv_id, "mx.example.org");
	assert_string_equal(p.triage.forms[0].email_field, "Email");
	assert_string_equal(p.triage.forms[0].name_field, "Name");
	assert_string_equal(p.triage.forms[0].text_field, "Question");
	assert_string_equal(p.triage.forms[1].from, "Email");
}

#define WORLD_TEST(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, intake_world_setup, intake_world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(test_of_a_mailbox),
		WORLD_TEST(test_lists),
		WORLD_TEST(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
