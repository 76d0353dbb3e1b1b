"""What is read from deliveries that went out: cites, differences, rejections.

In: delivery folders. Out: findings, comparisons, the kit after a rejection. It must
not know how a delivery is made.
"""
