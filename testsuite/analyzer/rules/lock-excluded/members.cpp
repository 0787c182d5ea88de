// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %check_cpp %s --verify
//
// Members of the object itself, with the standard library's mutexes and their own methods.

#include <mutex>

class Account {
public:
  long balance() {
    mutex_.lock();
    const long result = balance_;
    mutex_.unlock();
    return result;
  }

  void withdraw(long amount) {
    mutex_.lock();
    if (balance() > amount) // lockvet-error{{lock-excluded: Account::withdraw() holds Account::mu}}
      balance_ -= amount;
    mutex_.unlock();
  }

  void withdraw_well(long amount) { // silent
    mutex_.lock();
    if (balance_ > amount)
      balance_ -= amount;
    mutex_.unlock();
    balance();
  }

  void move_from(Account &other) { // silent: another account
    mutex_.lock();
    balance_ += other.balance();
    mutex_.unlock();
  }

  void count() { // silent: another mutex
    statistics_.lock();
    balance();
    statistics_.unlock();
  }

  long nested() { // silent
    recursive_.lock();
    recursive_.lock();
    const long result = balance_;
    recursive_.unlock();
    recursive_.unlock();
    return result;
  }

  bool tries() { // silent
    if (!mutex_.try_lock())
      return balance() > 0;
    mutex_.unlock();
    return true;
  }

private:
  std::mutex mutex_, statistics_;
  std::recursive_mutex recursive_;
  long balance_ = 0;
};

void overdraw(Account &account) { // silent
  account.withdraw(account.balance());
}

void overdraw_twice(Account &account, Account &other) { // silent
  account.withdraw_well(1);
  account.move_from(other);
  account.count();
  account.nested();
  account.tries();
}
