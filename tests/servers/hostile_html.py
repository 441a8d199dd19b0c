# hostile_html.py - hostile mails whose poison is HTML.
# SPDX-License-Identifier: MIT

from hostile import MB, WORDS, evil, header, html


@evil('HTML nested 500,000 deep')
def html_deep():
    yield html('html-deep') + '<div>' * 500000


@evil('HTML of 300,000 formatting elements that stay open')
def html_formatting():
    yield html('html-formatting') + '<p><b><i><u>x' * 300000


@evil('HTML with 1,000,000 attributes on one element')
def html_attributes():
    yield html('html-attributes') + '<p ' + ''.join(f'a{n}=1 ' for n in range(MB)) + '>x'


@evil('HTML of 40 MB of tables in tables')
def html_tables():
    yield html('html-tables') + '<table><tr><td>x' * 2500000


@evil('HTML of comments that never end')
def html_comments():
    yield html('html-comments') + '<!--' * 10 * MB


@evil('HTML of scripts that never end')
def html_scripts():
    yield html('html-scripts') + '<script></scrip' * 2700000


@evil('HTML of 10,000,000 character references that are none')
def html_references():
    yield html('html-references') + '&notanentity' * 3 * MB


@evil('HTML of quotations in quotations')
def html_quotes():
    yield html('html-quotes') + '<blockquote type=cite>x' * 1700000


@evil('500 pages of HTML in one mail')
def html_pages():
    page = '<p>' + '<span>x</span>' * 5000 + '\n'
    yield header('html-pages', 'Content-Type: multipart/mixed; boundary=b') + '\n--b\n\n' + WORDS
    yield ('--b\nContent-Type: text/html\n\n' + page) * 500
