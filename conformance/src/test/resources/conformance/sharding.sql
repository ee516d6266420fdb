SELECT pando.distribute('items', 'id')

SELECT pando.distribute('parts', 'item', colocate_with => 'items')
