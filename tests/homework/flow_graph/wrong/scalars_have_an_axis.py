# base: thread_with_a_large_stack
# wrong: Sum
# not in the catalogue

class Sum(Sum):
    def fprop(self):
        self.value = np.array([self._kinder[0].value.sum()])
