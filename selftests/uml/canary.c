// SPDX-License-Identifier: GPL-2.0
/*
 * Accidents, to prove that the runner notices each of them: prove builds this
 * file once for each, with ACCIDENT defined as its name.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static __maybe_unused void leak(struct kunit *test)
{
	void *volatile lost = kmalloc(100, GFP_KERNEL);

	lost = NULL;
}

static __maybe_unused void freed(struct kunit *test)
{
	u8 *volatile p = kmalloc(100, GFP_KERNEL);

	kfree(p);
	p[10] = 1;
}

static __maybe_unused void deadlock(struct kunit *test)
{
	static DEFINE_SPINLOCK(a);
	static DEFINE_SPINLOCK(b);

	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);

	spin_lock(&b);
	spin_lock(&a);
	spin_unlock(&a);
	spin_unlock(&b);
}

static __maybe_unused void unprotected(struct kunit *test)
{
	static int value;
	static int __rcu *p = (int __rcu __force *)&value;

	KUNIT_EXPECT_EQ(test, *rcu_dereference(p), 0);
}

static __maybe_unused void sleeper(struct kunit *test)
{
	static DEFINE_SPINLOCK(lock);
	static DEFINE_MUTEX(mutex);

	spin_lock(&lock);
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	spin_unlock(&lock);
}

static void ring(struct timer_list *timer)
{
}

static __maybe_unused void armed(struct kunit *test)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	timer_setup(timer, ring, 0);
	mod_timer(timer, jiffies + 10 * HZ);
	kfree(timer);
}

static __maybe_unused void overrun(struct kunit *test)
{
	u8 on_stack[8] = {};
	u8 *volatile p = on_stack;

	KUNIT_EXPECT_GE(test, p[sizeof(on_stack)], 0);
}

static __maybe_unused void warn(struct kunit *test)
{
	WARN_ON(1);
}

static __maybe_unused void die(struct kunit *test)
{
	*(volatile int *)NULL = 1;
}

static __maybe_unused void hang(struct kunit *test)
{
	for (;;)
		cpu_relax();
}

static __maybe_unused void wrong(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1 + 1, 3);
}

static __maybe_unused void skipped(struct kunit *test)
{
	kunit_skip(test, "no reason");
}

static __maybe_unused void nothing(struct kunit *test)
{
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ACCIDENT),
	{}
};

static struct kunit_suite suite = {
	.name = "canary",
	.test_cases = cases,
};
kunit_test_suite(suite);

MODULE_DESCRIPTION("accidents");
MODULE_LICENSE("GPL");
