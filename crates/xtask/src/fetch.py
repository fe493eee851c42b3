"""Reads a package index and unpacks wheels with Python's standard library alone.

links INDEX_PAGE     print the addresses of the files that the page lists, one a line
unpack WHEEL FOLDER  download a wheel, check it, and unpack it as pip would
"""

import hashlib
import html.parser
import io
import os
import sys
import urllib.parse
import urllib.request
import zipfile


def get(address):
    """The final address of a page or file, and what is there."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.geturl(), answer.read()


class Links(html.parser.HTMLParser):
    """Prints where each link of a page leads."""

    page = ""

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get("href")
        if tag == "a" and address:
            print(urllib.parse.urljoin(self.page, address))


def links(address):
    """Prints the links of an index page."""
    parser = Links()
    parser.page, page = get(address)
    parser.feed(page.decode())


def unpack(address, folder):
    """Downloads a wheel and unpacks it into a folder."""
    address, fragment = urllib.parse.urldefrag(address)
    _, wheel = get(address)
    kind, _, wanted = fragment.partition("=")
    if kind == "sha256" and hashlib.sha256(wheel).hexdigest() != wanted:
        sys.exit("the downloaded file is not the one that the index lists")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        for item in archive.infolist():
            # NAME.data/platlib/ holds files for the folder itself, NAME.data/scripts/ its programs.
            parts = item.filename.split("/")
            is_program = False
            if parts[0].endswith(".data") and len(parts) > 2:
                is_program = parts[1] == "scripts"
                item.filename = "/".join((["bin"] if is_program else []) + parts[2:])
            if not item.filename:
                continue
            path = archive.extract(item, folder)
            if not item.is_dir() and (is_program or item.external_attr >> 16 & 0o111):
                os.chmod(path, 0o755)


if __name__ == "__main__":
    try:
        {"links": links, "unpack": unpack}[sys.argv[1]](*sys.argv[2:])
    except OSError as error:
        sys.exit(f"{sys.argv[2]}: {error}")
