/* journal_kind.c - the kinds of record: their MESSAGE_IDs, words and levels, and what to do. */
/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <syslog.h>

#include "daemon/journal.h"

/* An id is for ever: journals, alert rules and the catalogue know it. */
static const struct journal_kind_entry kinds[JOURNAL_KIND_COUNT] = {
	[JOURNAL_STARTED] = { "46afb2bbbdfe4c8d976d5ce4f7bda84e", "started", LOG_INFO,
		"foimaild has started" },
	[JOURNAL_READY] = { "762f655d21104bdea7985345a89c742b", "ready", LOG_INFO,
		"foimaild runs; a mailbox that cannot be read yet has a line of its own" },
	[JOURNAL_STOPPING] = { "9eb5bfb0771a4061a87c86484d377a84", "stopping", LOG_INFO,
		"foimaild is stopping; what is in hand is finished first" },
	[JOURNAL_CONFIG_MISTAKE] = { "7db924dd8b924509a9014cff4bcbc10a", "config-mistake", LOG_ERR,
		"the configuration is refused" },
	[JOURNAL_CONFIG_RELOADED] = { "fff3ce6f300740208ff2bf426e2d501a", "config-reloaded",
		LOG_INFO, "the configuration was read anew" },
	[JOURNAL_BASELINE] = { "2608054bb074479a9eb0ed23ec9f4122", "baseline", LOG_INFO,
		"mails that were there before are left alone" },
	[JOURNAL_CASE_OPENED] = { "ccba014577e143479b73501f36fcad7e", "case-opened", LOG_INFO,
		"a case is in the register" },
	[JOURNAL_MAIL_FATE] = { "611f0b98c5b84fc6b7f0d2c0cd4274ed", "mail-fate", LOG_INFO,
		"a mail was dealt with" },
	[JOURNAL_TRIAGE] = { "21bbf9448f854bf3b59a807f292e3a9b", "triage", LOG_WARNING,
		"a person must look at this mail today" },
	[JOURNAL_UNREADABLE] = { "ffb5a56b4eb54586a9fc2f37ed180fe9", "unreadable", LOG_ERR,
		"this mail could not be read; read it in the mailbox" },
	[JOURNAL_MAIL_GONE] = { "2f979b6791ca4c1a88bba109b467374d", "mail-gone", LOG_ERR,
		"a mail vanished before it was read; look for it, its clock runs" },
	[JOURNAL_ACKNOWLEDGEMENT_SENT] = { "30b74d489e50419980d0bdb4b0b9dbdd",
		"acknowledgement-sent", LOG_INFO, "the mail server took the acknowledgement" },
	[JOURNAL_ACKNOWLEDGEMENT_DEFERRED] = { "be598d02e8dd40e4b7009641fc456943",
		"acknowledgement-deferred", LOG_WARNING,
		"the mail server asked to come again later" },
	[JOURNAL_ACKNOWLEDGEMENT_FAILED] = { "9a2bdfcfe2304c5e90a309eacfbede4b",
		"acknowledgement-failed", LOG_ERR,
		"the requester has no acknowledgement; reach them another way" },
	[JOURNAL_ACKNOWLEDGEMENT_HELD] = { "3a5eb9635a1c4bafa915ce0ea2826fb7",
		"acknowledgement-held", LOG_WARNING,
		"the acknowledgement waits for an officer's release" },
	[JOURNAL_ACKNOWLEDGEMENT_AMBIGUOUS] = { "6ea0b8be45724514a223b03e2f877ce9",
		"acknowledgement-ambiguous", LOG_WARNING,
		"the connection died before the reply; it is sent again under the same "
		"Message-ID" },
	[JOURNAL_BOUNCE_RECORDED] = { "5e3ef5c634fc4b28bd21bdc473e3d925", "bounce-recorded",
		LOG_ERR, "the requester did not get our mail; reach them another way" },
	[JOURNAL_MAILBOX_CONNECTED] = { "2265bf215bd74c7b8bf819f905866790", "mailbox-connected",
		LOG_INFO, "the mailbox is watched" },
	[JOURNAL_MAILBOX_FAULT] = { "502186f42dac4bd084b114bb6e419087", "mailbox-fault",
		LOG_WARNING, "the mailbox cannot be read" },
	[JOURNAL_MAILBOX_RECOVERED] = { "9d0e50507f2a43a4892bd78820f3caa9", "mailbox-recovered",
		LOG_INFO, "the mailbox can be read again" },
	[JOURNAL_INTAKE_FAILING] = { "7fda94d3c161066681882607aca7e30f", "intake-failing", LOG_ERR,
		"no mail of this mailbox can be taken in, and the clock of each that comes runs" },
	[JOURNAL_INTAKE_RECOVERED] = { "815c0ba3c6f040a3e85404f2436d0830", "intake-recovered",
		LOG_INFO, "mail is taken in again" },
	[JOURNAL_AUTHENTICATION_FAILED] = { "c24cee846ccb5343a2976a9c7e454b8d",
		"authentication-failed", LOG_ERR, "the mail server refused our login" },
	[JOURNAL_MAILBOX_TAKEN] = { "4917d5ed5d8537984939698c19ba9395", "mailbox-taken", LOG_ERR,
		"one mailbox is watched by one daemon only, or each request would have two cases" },
	[JOURNAL_SMTP_FAULT] = { "5c4f52094fcc40a7843fb1bfe46ff113", "smtp-fault", LOG_WARNING,
		"acknowledgements cannot be sent" },
	[JOURNAL_SMTP_RECOVERED] = { "c4f69871b2c24141a367a978d3ac7eec", "smtp-recovered", LOG_INFO,
		"acknowledgements are sent again" },
	[JOURNAL_STORE_FULL] = { "218fd8ed35344548910f40a01fe42061", "store-full", LOG_ERR,
		"no mail is taken in until there is space" },
	[JOURNAL_STORE_BUSY] = { "8a9126f03a674f729bed3edc0d7f1041", "store-busy", LOG_WARNING,
		"the store is held by another process" },
	[JOURNAL_STORE_FAULT] = { "138f0e79519042b29cf91dcbbd2d760a", "store-fault", LOG_ERR,
		"the store cannot be used" },
	[JOURNAL_STORE_DAMAGED] = { "8b212b99fcb11f9f5be8d88d6c30d3e8", "store-damaged", LOG_ERR,
		"what the store holds is not what was written to it" },
	[JOURNAL_STORE_CHECKED] = { "7c737f1fddc669ae8bf3326100c5e4c5", "store-checked", LOG_INFO,
		"the store was looked over and is sound" },
	[JOURNAL_STORE_RECOVERED] = { "c904e327d8844738a5544cba2f32cbf6", "store-recovered",
		LOG_INFO, "the store can be written again" },
	[JOURNAL_BACKUP_MADE] = { "c9de268da2d24bfcec0a3d3090861827", "backup-made", LOG_INFO,
		"a backup of the store is on the disk; keep it on another machine too" },
	[JOURNAL_BACKUP_FAILED] = { "ec4e57e192a6fa5df20c73fe7d16d22d", "backup-failed", LOG_ERR,
		"no backup was made, and nothing of the attempt counts as one" },
	[JOURNAL_WORKER_DIED] = { "175c123f036242fb9859f9925d5a3154", "worker-died", LOG_WARNING,
		"a worker ended by itself and is started again" },
	[JOURNAL_WORKER_KILLED] = { "d9f10d8c1abd465cb9e42d9e14ed7768", "worker-killed",
		LOG_WARNING, "a worker was killed and is started again" },
	[JOURNAL_WORKER_RESTARTED] = { "cb9672e993e14fc9b3540d0e28e65617", "worker-restarted",
		LOG_INFO, "the worker is running again" },
	[JOURNAL_RECONCILED] = { "12bd96ef962bc8aeaa38e4039e4525db", "reconciled", LOG_WARNING,
		"mails that an earlier look should have found are taken in now" },
	[JOURNAL_UIDVALIDITY_CHANGED] = { "4eff1b24576e42c58d6de589f959b25b", "uidvalidity-changed",
		LOG_WARNING, "the folder was made anew; its mails are compared by content" },
	[JOURNAL_PEER_REFUSED] = { "b66f5d627a884271bdac10d0460cd1ae", "peer-refused", LOG_WARNING,
		"this user may not use the socket" },
	[JOURNAL_DEADLINE_PROVISIONAL] = { "d833840063ef4388a365151eb89778ce",
		"deadline-provisional", LOG_WARNING,
		"the deadline lies beyond the holiday calendar" },
	[JOURNAL_CLOCK_RESTARTED] = { "2d184fd52e0e74cb69ed6898d9b556a5", "clock-restarted",
		LOG_WARNING,
		"a mail came to a case that waits for clarification: a new clock runs; undo it if "
		"the mail makes nothing clear" },
	[JOURNAL_DEADLINE_CHANGED] = { "b71a2c80d3e6ae13c6043c5ff9ddef6f", "deadline-changed",
		LOG_WARNING, "the bank holidays have changed, and with them the last day" },
	[JOURNAL_RECOUNTED] = { "36f77b3975e2d12b9dac7e620f01d450", "recounted", LOG_INFO,
		"the cases were counted with the bank holidays now in force" },
	[JOURNAL_RECOUNT_FAILED] = { "cfb35497255b9a1404f19e098e0ecd97", "recount-failed", LOG_ERR,
		"this case could not be counted anew; count it with foictl deadline" },
	[JOURNAL_CALENDAR_LOADED] = { "a80f4cd4849d49caaf7feb0cc0fbb54a", "calendar-loaded",
		LOG_INFO, "the holiday calendar is in force" },
	[JOURNAL_CALENDAR_CHANGED] = { "b4ce1fc30cb842398ab28c96399b4f47", "calendar-changed",
		LOG_INFO, "the bank holidays in force have changed" },
	[JOURNAL_CALENDAR_PENDING] = { "056511826ed14edcb3b4ec3575a0dcf7", "calendar-pending",
		LOG_ERR, "new bank holidays are not used until an officer accepts them" },
	[JOURNAL_CALENDAR_WITHDRAWN] = { "fde346c4e17a44d9a07d63c6f8b994bd", "calendar-withdrawn",
		LOG_INFO,
		"no bank holidays wait for an officer any more: a later answer could be used as it "
		"is" },
	[JOURNAL_CALENDAR_KEPT] = { "adce804a092543a399188b3fb5a3e434", "calendar-kept", LOG_ERR,
		"the files of bank holidays cannot be used; those that were in force stay" },
	[JOURNAL_CALENDAR_ENDS] = { "224f5ee331bf46d2a5f6be68d56d6901", "calendar-ends",
		LOG_WARNING,
		"the bank holidays are known for less than four months more; later deadlines are "
		"provisional, so add a newer file to [calendar] files" },
	[JOURNAL_CALENDAR_FEED_FAULT] = { "3156bfa8bd2a4b9bb13209108dc6d413", "calendar-feed-fault",
		LOG_WARNING, "the bank holidays cannot be asked for; those in force stay" },
	[JOURNAL_CALENDAR_FEED_RECOVERED] = { "66b5f20c512a48d7968e8a83915804da",
		"calendar-feed-recovered", LOG_INFO, "the bank holidays can be asked for again" },
	[JOURNAL_RECEIPT_DISPUTED] = { "3f02547426074ce6998751a620c95672", "receipt-disputed",
		LOG_WARNING, "the evidence for the day of receipt falls on different days" },
	[JOURNAL_SENDER_LIMIT] = { "5d7cb2319ed44e50833b8cf180288763", "sender-limit", LOG_WARNING,
		"one sender has had as many acknowledgements as one sender may have within a day; "
		"further ones are held" },
	[JOURNAL_HOUR_LIMIT] = { "1ba0f653f15fd659738811b2d7ae1ebe", "hour-limit", LOG_WARNING,
		"as many acknowledgements have left as may leave within an hour; further ones are "
		"held" },
	[JOURNAL_ACKNOWLEDGEMENT_LIMITED] = { "313a6269739349365212f866c34a0813",
		"acknowledgement-limited", LOG_INFO,
		"the acknowledgement is held because of a limit, for an officer to release" },
	[JOURNAL_DEADLINE_NEAR] = { "1d2d44e930c7f78c829c5bc0efdce322", "deadline-near",
		LOG_WARNING, "the last day is near; count: working days left, 0 says today" },
	[JOURNAL_DEADLINE_PASSED] = { "43277bbed305b09df17e82939f3a3cd9", "deadline-passed",
		LOG_ERR, "the last day is past; count: working days late" },
	[JOURNAL_LAPSE_POSSIBLE] = { "06ced77f41e00a4b939718e5549816de", "lapse-possible",
		LOG_WARNING,
		"the requester neither clarified nor paid in time; a person may record that the "
		"case has lapsed" },
	[JOURNAL_TRIAGE_WAITING] = { "8595763be79b2f78a086dd82ef11b3c3", "triage-waiting", LOG_ERR,
		"mails wait in triage and nobody has touched them" },
	[JOURNAL_DIGEST_QUEUED] = { "e8208f24641d0f6d41494fb2448aa544", "digest-queued", LOG_INFO,
		"the digest goes to the officers" },
	[JOURNAL_OFFICER_MAIL_SENT] = { "62f18bcb2546b5e34cb1f0ce1245bffc", "officer-mail-sent",
		LOG_INFO, "the mail server took a mail to an officer" },
	[JOURNAL_OFFICER_MAIL_DEFERRED] = { "7b70866d94ae8d998b5bf5a6e17f4384",
		"officer-mail-deferred", LOG_WARNING, "a mail to an officer is tried again later" },
	[JOURNAL_OFFICER_MAIL_FAILED] = { "d0a070e76c0f7fbba23d7d9e18ecec57", "officer-mail-failed",
		LOG_ERR, "an officer does not get this mail; look at digest_to and escalate_to" },
	[JOURNAL_UNEXPECTED] = { "c90c271a4f8e4a188ff0d4f82cdedbb1", "unexpected", LOG_ERR,
		"something failed that should not" },
	[JOURNAL_OUTBOX_ORDER] = { "7570077725304c21a2aa742f1b1d4010", "outbox-order", LOG_INFO,
		"an officer decided about a mail of ours that is not sent" },
	[JOURNAL_CASE_MOVED] = { "e5f2c4fb14604da280ba649532f4a849", "case-moved", LOG_INFO,
		"an officer recorded what happened to a case" },
	[JOURNAL_RECOVERING] = { "70acc04b3c41446186c1397f5105f034", "recovering", LOG_ERR,
		"the store is a backup: nothing is sent until an officer says foictl recovered" },
	[JOURNAL_RECOVERY_BLIND] = { "9652b9901e7741c6933fd3d846211009", "recovery-blind", LOG_ERR,
		"nothing tells the highest number that was given, so no mail is taken in: say it "
		"with foictl recovered --next" },
	[JOURNAL_RECOVERY_KNOWN] = { "318f623b2d1d41bd80798f9efc6e67d6", "recovery-known", LOG_INFO,
		"our own mails were read: the numbers go on above the highest, mail is taken in" },
	[JOURNAL_RECOVERED] = { "4876ebd6d8104b7d9fcbc350c0720452", "recovered", LOG_INFO,
		"an officer has ended the recovery: mail is sent again" },
	[JOURNAL_CASE_REBUILT] = { "da1f3a117cc446a998aad587cbb59bf4", "case-rebuilt", LOG_WARNING,
		"the mail of this case was not found: it is opened from our own acknowledgement" },
	[JOURNAL_STORE_OLDER] = { "2ec2fcceedc54fb0838e4b4b3538a6f2", "store-older", LOG_ERR,
		"a mail carries our token of a case that the store never had: an older store was "
		"put in its place" },
	[JOURNAL_DEBUG] = { "e1678ac49e1a4361a41b7728c6179059", "debug", LOG_DEBUG, "" },
};

static const char *const advice[FAULT_KIND_COUNT] = {
	[FAULT_OTHER] = "if it repeats, report it",
	[FAULT_NETWORK] = "nothing is lost and it is tried again by itself; if it lasts, check "
			  "that the server "
			  "runs and can be reached from here",
	[FAULT_TLS] = "nothing is sent unprotected; it goes on by itself once the certificate, "
		      "ca_file or "
		      "url is right",
	[FAULT_AUTH] =
		"correct user or credential, then restart (systemd credential) or reload "
		"(password file); it is tried again only after 5 minutes, then less often up to "
		"hourly, since accounts get locked",
	[FAULT_PROTOCOL] = "see the server's log; if the server is in order, report it",
	[FAULT_MISSING] = "make what is missing, or correct the configuration and reload",
	[FAULT_STORE_FULL] = "free space on the store's file system; it goes on by itself",
	[FAULT_STORE_BUSY] = "end the other process that holds the store; it goes on by itself",
	[FAULT_STORE_DAMAGED] =
		"stop foimaild, keep the store's files aside, restore a backup and start it again; "
		"foimaild(8) says how",
	[FAULT_STORE] =
		"check disk, file system and permissions; if the store is damaged, keep it and "
		"restore a backup",
	[FAULT_CONFIG] = "correct it, try with foimaild --check, then reload",
};

const struct journal_kind_entry *journal_kind(enum journal_kind kind)
{
	assert((unsigned) kind < JOURNAL_KIND_COUNT);
	return &kinds[kind];
}

const char *journal_advice(enum fault_kind kind)
{
	return advice[(unsigned) kind < FAULT_KIND_COUNT ? kind : FAULT_OTHER];
}
