/* varlink_text.c - the interface file, as it is in the tree, inside the program.
 *
 * The assembler takes the file as it is, so that what is told cannot differ from the contract. */
/* SPDX-License-Identifier: MIT */
#include "adapters/varlink_service.h"

__asm__(".pushsection .rodata\n"
	".global varlink_interface_text\n"
	".type varlink_interface_text, %object\n"
	"varlink_interface_text:\n"
	".incbin \"conf/org.foimaild.Cases.varlink\"\n"
	".byte 0\n"
	".size varlink_interface_text, . - varlink_interface_text\n"
	".popsection\n");
