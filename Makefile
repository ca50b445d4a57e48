# SPDX-License-Identifier: GPL-2.0
#
# nat64.ko and nat64ctl; "make help" lists the targets.

KDIR	?= /lib/modules/$(shell uname -r)/build
prefix	?= /usr/local

# "+" before it lets it have the jobs of "make -j".
kbuild	= $(MAKE) -C $(KDIR) M=$(CURDIR)
# What modules are built for and installed under; Debian's "make kernelrelease" says another one.
release	= $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)
# Debian's headers say that modules are signed, but have no key.
signed	= $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)
# A staged tree is indexed where it is unpacked.
depmod	= $(if $(DESTDIR),,depmod $(release))

all: module tools

$(KDIR)/Makefile:
	@echo 'There are no kernel headers in $(KDIR).'
	@echo 'Install them (Debian: apt install linux-headers-'$$(uname -r)'), or name those'
	@echo 'of another kernel: make KDIR=/lib/modules/VERSION/build'
	@false

module: | $(KDIR)/Makefile
	+$(kbuild) modules

tools:
	$(MAKE) -C tools

install: all
	+$(kbuild) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates $(signed) modules_install
	$(depmod)
	$(MAKE) -C tools DESTDIR=$(DESTDIR) prefix=$(prefix) install

uninstall:
	$(MAKE) -C tools DESTDIR=$(DESTDIR) prefix=$(prefix) uninstall
	for file in $(DESTDIR)/lib/modules/*/updates/nat64.ko*; do \
		[ ! -e $$file ] || { rm $$file && $(or $(if $(DESTDIR),:),depmod) \
			$$(basename $${file%/updates/*}); } || exit; \
	done

module-clean:
	[ ! -e $(KDIR)/Makefile ] || $(kbuild) clean

clean: module-clean
	$(MAKE) -C tools clean
	rm -rf build

# In a copy, so that nothing of it stays here but the packages; without what kbuild leaves.
built	= '*.o' '*.ko' '*.mod' '*.mod.c' '.*.cmd' '.*.d' Module.symvers modules.order
deb:
	selftests/deps deb
	rm -rf build/deb
	mkdir -p build/deb/nat64
	tar -c --exclude=./build --exclude=./.git --exclude=./nat64ctl $(addprefix --exclude=,$(built)) . | \
		tar -x -C build/deb/nat64
	cd build/deb/nat64 && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc
	lintian --fail-on error,warning,info build/deb/nat64_*.changes
	@printf '%s\n' 'Install them with' "  apt install$$(printf ' ./%s' build/deb/*.deb | sed 's/ [^ ]*dbgsym[^ ]*//')"

demo:
	selftests/deps demo
	selftests/demo/run

check:
	selftests/deps check
	T="$(T)" KERNEL="$(KERNEL)" selftests/check

check-uml:
	selftests/deps uml build
	T="$(T)" UML=only selftests/check

check-all:
	$(MAKE) check SLOW=1

help:
	@echo 'make                 nat64.ko for the running kernel, and nat64ctl'
	@echo 'make KDIR=DIR        for the kernel whose headers are in DIR'
	@echo 'make install         both, under $(prefix) and /lib/modules (DESTDIR, prefix)'
	@echo 'make uninstall       takes them away again'
	@echo 'make deb             the Debian packages nat64-dkms and nat64-tools, in build/deb'
	@echo 'make demo            the main job, shown in a throw-away virtual machine'
	@echo 'make check           every test: user-mode Linux, and Debian 6.1 and 6.12 under qemu'
	@echo '  T=name KERNEL=6.1  one selftest, one kernel'
	@echo 'make check-uml       what runs in user-mode Linux alone, in seconds'
	@echo 'make check-all       make check, and what takes longer'

export SLOW

.PHONY: all module module-clean tools install uninstall clean deb demo check check-uml check-all help
