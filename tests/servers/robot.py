#!/usr/bin/python3
# robot.py - an automatic responder that does all that RFC 3834 forbids, for a pipe of Exim.
# SPDX-License-Identifier: MIT
#
# Usage: robot.py PORT <MAIL
# Answers whatever comes, to its From, by SMTP on that port, without Auto-Submitted, In-Reply-To or
# References, under a new Message-ID. $LOCAL_PART begins with what it does:
#   re     "Re: " and the subject of the mail, a question, and the mail itself below it
#   ask    a subject of its own and the words of a request
#   tag    the same, from a new tag ("tag+3f2a@...") each time
#   fresh  the same, from a new address ("fresh-3f2a@...") each time

import email
import email.message
import email.policy
import email.utils
import os
import re
import secrets
import smtplib
import sys

REQUEST = 'Under the Freedom of Information Act 2000 please send me the number of street lamps' \
          ' in ward {}.\n'


def answer(mail, name, domain):
    token = secrets.token_hex(4)
    kind = re.split('[-+]', name)[0]
    sender = {'tag': f'tag+{token}', 'fresh': f'fresh-{token}'}.get(kind, name)
    reply = email.message.EmailMessage(policy=email.policy.SMTP)
    reply['From'] = f'Robin Robot <{sender}@{domain}>'
    reply['To'] = email.utils.parseaddr(str(mail['From']))[1]
    reply['Date'] = email.utils.formatdate()
    reply['Message-ID'] = f'<{token}@{domain}>'
    if kind == 're':
        reply['Subject'] = 'Re: ' + str(mail['Subject'])
        reply.set_content('How many street lamps are there?\n\n' + mail.get_body().get_content())
    else:
        reply['Subject'] = 'Re: your message'
        reply.set_content(REQUEST.format(token))
    return reply


def main():
    mail = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
    reply = answer(mail, os.environ['LOCAL_PART'], os.environ['DOMAIN'])
    with smtplib.SMTP('127.0.0.1', int(sys.argv[1]), 'robot.example.net', timeout=60) as session:
        session.send_message(reply)


if __name__ == '__main__':
    main()
