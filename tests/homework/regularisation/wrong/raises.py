# fails: everything

import numpy

numpy.zeros(3) @ numpy.zeros(4)
