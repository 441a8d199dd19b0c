/* varlink_service.c - org.varlink.service: what a service says about itself. */
/* SPDX-License-Identifier: MIT */
#include "adapters/varlink_service.h"

#include <errno.h>
#include <string.h>

/* As https://varlink.org/Service gives it. */
static const char service_text[] =
	"# The Varlink Service Interface is provided by every varlink service. It\n"
	"# describes the service and the interfaces it implements.\n"
	"interface org.varlink.service\n"
	"\n"
	"# Get a list of all the interfaces a service provides and information\n"
	"# about the implementation.\n"
	"method GetInfo() -> (\n"
	"  vendor: string,\n"
	"  product: string,\n"
	"  version: string,\n"
	"  url: string,\n"
	"  interfaces: []string\n"
	")\n"
	"\n"
	"# Get the description of an interface that is implemented by this service.\n"
	"method GetInterfaceDescription(interface: string) -> (description: string)\n"
	"\n"
	"# The requested interface was not found.\n"
	"error InterfaceNotFound (interface: string)\n"
	"\n"
	"# The requested method was not found\n"
	"error MethodNotFound (method: string)\n"
	"\n"
	"# The interface defines the requested method, but the service does not\n"
	"# implement it.\n"
	"error MethodNotImplemented (method: string)\n"
	"\n"
	"# One of the passed parameters is invalid.\n"
	"error InvalidParameter (parameter: string)\n"
	"\n"
	"# Client is denied access\n"
	"error PermissionDenied ()\n"
	"\n"
	"# Method is expected to be called with 'more' set to true, but wasn't\n"
	"error ExpectedMore ()\n";

static const struct interface {
	const char *name;
	const char *text;
} interfaces[] = {
	{ VARLINK_SERVICE, service_text },
	{ VARLINK_CASES, varlink_interface_text },
};

static int get_info(const struct varlink_call *c, const char *version, struct varlink_bytes *ret,
	struct fault *f)
{
	const char *wrong;

	if (varlink_check(c, NULL, 0, &wrong) < 0)
		return varlink_invalid(c, wrong, ret, f);
	return varlink_reply(c,
		json_pack("{s:s, s:s, s:s, s:s, s:[s, s]}", "vendor", "The foimaild authors",
			"product", "foimaild", "version", version, "url", "", "interfaces",
			interfaces[0].name, interfaces[1].name),
		false, ret, f);
}

static int describe(const struct varlink_call *c, const char *version, struct varlink_bytes *ret,
	struct fault *f)
{
	static const struct varlink_parameter takes[] = {
		{ .name = "interface",
			.type = VARLINK_STRING,
			.required = true,
			.max = VARLINK_NAME_MAX },
	};
	const char *name;
	const char *wrong;

	(void) version; /* of GetInfo only */
	if (varlink_check(c, takes, 1, &wrong) < 0)
		return varlink_invalid(c, wrong, ret, f);
	name = varlink_text(c, "interface", "");
	for (size_t i = 0; i < sizeof interfaces / sizeof *interfaces; i++)
		if (strcmp(interfaces[i].name, name) == 0)
			return varlink_reply(c,
				json_pack("{s:s}", "description", interfaces[i].text), false, ret,
				f);
	return varlink_error(
		c, VARLINK_INTERFACE_NOT_FOUND, json_pack("{s:s}", "interface", name), ret, f);
}

int varlink_unknown_method(const struct varlink_call *c, struct varlink_bytes *ret, struct fault *f)
{
	return varlink_error(
		c, VARLINK_METHOD_NOT_FOUND, json_pack("{s:s}", "method", c->method), ret, f);
}

int varlink_service(const struct varlink_call *c, const char *version, struct varlink_bytes *ret,
	struct fault *f)
{
	static const struct {
		const char *method;
		int (*answer)(const struct varlink_call *c, const char *version,
			struct varlink_bytes *ret, struct fault *f);
	} methods[] = {
		{ "GetInfo", get_info },
		{ "GetInterfaceDescription", describe },
	};
	int length;
	int r;

	if (varlink_call_is(c, VARLINK_CASES, NULL))
		return 0;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		if (!varlink_call_is(c, VARLINK_SERVICE, methods[i].method))
			continue;
		r = methods[i].answer(c, version, ret, f);
		return r < 0 ? r : 1;
	}
	if (varlink_call_is(c, VARLINK_SERVICE, NULL)) {
		r = varlink_unknown_method(c, ret, f);
		return r < 0 ? r : 1;
	}
	length = (int) (strrchr(c->method, '.') - c->method);
	r = varlink_error(c, VARLINK_INTERFACE_NOT_FOUND,
		json_pack("{s:s%}", "interface", c->method, (size_t) length), ret, f);
	return r < 0 ? r : 1;
}
