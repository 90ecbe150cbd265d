#!/usr/bin/env python
# coding: utf-8

# # Demo
# 
# Notes with `code`

# In[ ]:


get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().system('pip install -q numpy      matplotlib')
import numpy as np


# In[ ]:


get_ipython().run_cell_magic('time', '', 'def double(x):\n    return 2 * x\n')


# In[ ]:


get_ipython().run_cell_magic('capture', 'out', "%%time\nimport numpy as np\n\ndef total(x):\n    text = 'a\\nb'\n    return float(np.sum(x))\n")


# In[ ]:


get_ipython().run_line_magic('time', 'seven = 3 + 4')
files = get_ipython().getoutput('ls')
get_ipython().run_line_magic('pinfo', 'np.sum')
get_ipython().run_line_magic('run', 'helper.py')


# In[ ]:


get_ipython().run_cell_magic('bash', '', 'for x in *; do echo $x; done\n')


# In[ ]:


get_ipython().run_cell_magic('timeit', '', 'lost = 1\n')


# In[ ]:


get_ipython().run_cell_magic('prun', '-q', 'kept = 1\n')


# In[ ]:


get_ipython().run_cell_magic('writefile', 'made.py', 'MADE = 5\n')


# In[ ]:


if __name__ == '__main__':
    get_ipython().run_line_magic('time', 'constant = 9')

